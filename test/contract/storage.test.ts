import { faultyStore, noFaults } from "../support/faulty-storage.ts";
import { describeStorage } from "../support/storage-contract.ts";
import { storageKinds } from "../support/storages.ts";
import type { TestDatabase } from "../support/storages.ts";

storageKinds.forEach(describeStorage);

// A wrapper over one database is as good as over another, and PostgreSQL's takes its time.
storageKinds
  .filter(({ name }) => name !== "postgres")
  .map((kind) => ({
    ...kind,
    name: `${kind.name}, in a wrapper that injects no fault`,
    create: async () => wrapped(await kind.create()),
  }))
  .forEach(describeStorage);

function wrapped(database: TestDatabase): TestDatabase {
  return { ...database, open: async () => faultyStore(await database.open(), noFaults) };
}
