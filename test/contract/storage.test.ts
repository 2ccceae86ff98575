import { faultyStorage, noFaults } from "../support/faulty-storage.ts";
import { describeStorage } from "../support/storage-contract.ts";
import { storageKinds } from "../support/storages.ts";

storageKinds.forEach(describeStorage);

storageKinds
  .map((kind) => ({
    ...kind,
    name: `${kind.name}, in a wrapper that injects no fault`,
    open: async (folder: string) => faultyStorage(await kind.open(folder), noFaults).storage,
  }))
  .forEach(describeStorage);
