import type { Store } from "../../coordinator/storage/leadership.ts";
import { faultyStorage, noFaults } from "../support/faulty-storage.ts";
import { withMethods } from "../support/scheduling-storage.ts";
import { describeStorage } from "../support/storage-contract.ts";
import { storageKinds } from "../support/storages.ts";
import type { TestDatabase } from "../support/storages.ts";

storageKinds.forEach(describeStorage);

storageKinds
  .map((kind) => ({
    ...kind,
    name: `${kind.name}, in a wrapper that injects no fault`,
    create: async () => wrapped(await kind.create()),
  }))
  .forEach(describeStorage);

function wrapped(database: TestDatabase): TestDatabase {
  return { ...database, open: async () => wrappedStore(await database.open()) };
}

function wrappedStore(store: Store): Store {
  const lead: Store["lead"] = async (address, signal) => {
    const leadership = await store.lead(address, signal);
    return { ...leadership, storage: faultyStorage(leadership.storage, noFaults).storage };
  };
  return withMethods(store, { lead });
}
