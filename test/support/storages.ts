import { join } from "node:path";

import { openStorage } from "../../coordinator/storage/open-storage.ts";
import type { Storage } from "../../coordinator/storage/storage.ts";

/** One implementation of the port, as the suites run over it. */
export interface StorageKind {
  readonly name: string;
  /** Whether a store opened again in the same folder holds what was committed. */
  readonly durable: boolean;
  open(folder: string): Promise<Storage>;
}

/** Every implementation of the port. */
export const storageKinds: readonly StorageKind[] = [
  { name: "memory", durable: false, open: () => openStorage("memory:") },
  { name: "sqlite", durable: true, open: (folder) => openStorage(`sqlite:${join(folder, "store.db")}`) },
];
