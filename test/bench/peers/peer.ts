import { join } from "node:path";
import type { PythonEnvironment } from "../../../cli/bench/peers/python-environment.ts";
import { packageFile } from "../../../cli/package-file.ts";

/** Another service that hands out trials, run from Python with random search. */
export interface Peer {
  readonly name: string;
  readonly environment: PythonEnvironment;
  /** The program that serves, and the one that asks and tells. */
  readonly server: string;
  readonly client: string;
  /** What the server is told of its store. */
  storeIn(folder: string): string;
}

const script = (name: string): string => packageFile("test", "bench", "peers", name);

const optuna = {
  environment: {
    name: "bench-optuna-5.0.0",
    packages: ["optuna==5.0.0", "grpcio==1.85.1", "protobuf==7.36.2", "psycopg2-binary==2.9.13"],
  },
  server: script("optuna_server.py"),
  client: script("optuna_client.py"),
};

export const optunaOnSqlite: Peer = {
  ...optuna,
  name: "Optuna 5.0.0, gRPC proxy, SQLite",
  storeIn: (folder) => `sqlite:///${join(folder, "optuna.db")}`,
};

/** With newer versions of jax Vizier 0.1.24 cannot be imported: its equinox is pinned to one that uses what jax has dropped. */
export const vizierOnSqlite: Peer = {
  name: "Vizier 0.1.24, SQLite",
  environment: {
    name: "bench-vizier-0.1.24",
    packages: [
      "google-vizier==0.1.24",
      "jax==0.4.38",
      "jaxlib==0.4.38",
      "flax==0.10.2",
      "equinox==0.11.7",
      "jaxtyping==0.2.36",
      "typeguard==2.13.3",
    ],
  },
  server: script("vizier_server.py"),
  client: script("vizier_client.py"),
  storeIn: (folder) => join(folder, "vizier.db"),
};
