import { mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { PostgresServer } from "../../support/postgres-server.ts";

/** Kinds of stores that are measured. */
export const storeKinds = ["sqlite", "postgres"] as const;
export type StoreKind = (typeof storeKinds)[number];

/** An empty store of a benchmark's own, and a folder beside it. */
export interface BenchStore {
  /** As `fpnas coordinator --store` takes it. */
  readonly url: string;
  /** For logs; goes with the store. */
  readonly folder: string;
  /** What it takes of the disk. */
  sizeBytes(): Promise<number>;
  /** Removes it. Who used it has ended. */
  remove(): Promise<void>;
}

/**
 * Makes a store: a SQLite file, or a database of a PostgreSQL server of its own, as durable as it comes.
 * @param folder Where both lie.
 */
export async function makeStore(kind: StoreKind, folder: string): Promise<BenchStore> {
  const own = await mkdtemp(join(folder, "fpnas-bench-"));
  const removeFolder = (): Promise<void> => rm(own, { recursive: true, force: true });
  switch (kind) {
    case "sqlite": {
      const file = join(own, "bench.db");
      return {
        url: `sqlite:${file}`,
        folder: own,
        sizeBytes: async () => (await stat(file)).size,
        remove: removeFolder,
      };
    }
    case "postgres": {
      const server = await PostgresServer.start([]);
      const url = await server.createDatabase();
      return {
        url,
        folder: own,
        sizeBytes: async () => {
          const [row] = await server.query(url, "select pg_database_size(current_database())::float8 as bytes");
          return Number(row?.["bytes"]);
        },
        remove: async () => {
          await server.stop();
          await removeFolder();
        },
      };
    }
  }
}
