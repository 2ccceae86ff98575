import { randomBytes } from "node:crypto";

import type { ClientConfig } from "pg";

import { StorageError } from "../storage.ts";
import { rowTypes } from "./value-codec.ts";

/** How a store reaches its database. */
export interface PostgresSettings {
  /** What every connection is made with. It holds the password: never log it. */
  readonly connection: ClientConfig;
  /** For people, without the password. */
  readonly place: string;
  /** The name that all connections of this store have in the server, and no other's. */
  readonly applicationName: string;
}

const sslModes = ["disable", "require", "verify-ca", "verify-full"];
const parameters = ["sslmode", "sslrootcert", "sslcert", "sslkey"];
const form = "postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=MODE";

/** After this long without an answer a server counts as out of reach, ms. */
export const answerTimeoutMs = 5_000;

/**
 * Reads the URL of a database: `postgres://` or `postgresql://`, with libpq's meaning of `sslmode` (disable,
 * require, verify-ca, verify-full) and of `sslrootcert`, `sslcert` and `sslkey`, which name files. What it leaves out is
 * taken from PGUSER, PGPASSWORD, PGHOST, PGPORT and PGDATABASE.
 * Throws `unsupported`, which does not repeat the password, for all other.
 */
export function readSettings(url: string): PostgresSettings {
  if (!URL.canParse(url)) throw new StorageError("unsupported", `the store's URL must be ${form}`);
  const parsed = new URL(url);
  const place = placeOf(parsed);
  for (const [name, value] of parsed.searchParams) {
    if (!parameters.includes(name)) {
      throw new StorageError(
        "unsupported",
        `${place} has the parameter "${name}"; allowed are ${parameters.join(", ")}`,
      );
    }
    if (name === "sslmode" && !sslModes.includes(value)) {
      throw new StorageError("unsupported", `${place} has sslmode "${value}"; allowed are ${sslModes.join(", ")}`);
    }
  }
  if (parsed.searchParams.get("sslmode") === "verify-ca" && !parsed.searchParams.has("sslrootcert")) {
    throw new StorageError("unsupported", `${place} has sslmode "verify-ca", which needs sslrootcert`);
  }
  parsed.searchParams.set("uselibpqcompat", "true");
  const applicationName = `fpnas-${randomBytes(6).toString("hex")}`;
  return {
    connection: {
      connectionString: parsed.href,
      application_name: applicationName,
      connectionTimeoutMillis: answerTimeoutMs,
      keepAlive: true,
      types: rowTypes,
    },
    place,
    applicationName,
  };
}

function placeOf(url: URL): string {
  const user = url.username === "" ? "" : `${url.username}@`;
  return `postgres://${user}${url.host}${url.pathname}`;
}
