import type { PythonEnvironment } from "../../../cli/bench/peers/python-environment.ts";
import { packageFile } from "../../../cli/package-file.ts";
import type { StoreKind } from "../service/bench-store.ts";

/** Another service that hands out trials, run from Python with random search. */
export interface Peer {
  readonly name: string;
  readonly environment: PythonEnvironment;
  /** The program that serves, and the one that asks and tells. */
  readonly server: string;
  readonly client: string;
  readonly store: StoreKind;
  /** What the server is told of its store, of which this is the URL for ours. */
  storeArgument(url: string): string;
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

const optunaOnSqlite: Peer = {
  ...optuna,
  name: "Optuna 5.0.0, gRPC proxy, SQLite",
  store: "sqlite",
  storeArgument: (url) => url.replace("sqlite:", "sqlite:///"),
};

const optunaOnPostgres: Peer = {
  ...optuna,
  name: "Optuna 5.0.0, gRPC proxy, PostgreSQL",
  store: "postgres",
  storeArgument: (url) => url.replace("postgres:", "postgresql+psycopg2:"),
};

/** With newer versions of jax Vizier 0.1.24 cannot be imported: its equinox is pinned to one that uses what jax has dropped. */
const vizierOnSqlite: Peer = {
  name: "Vizier OSS 0.1.24, SQLite",
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
  store: "sqlite",
  storeArgument: (url) => url.replace("sqlite:", ""),
};

/** All that ours is measured beside. */
export const peers: readonly Peer[] = [optunaOnSqlite, optunaOnPostgres, vizierOnSqlite];
