import { StorageError } from "../storage.ts";
import type { StorageErrorCode } from "../storage.ts";

/** Says in the port's words, naming `place`, what PostgreSQL or the network refused. A StorageError stays as it is. */
export function toStorageError(error: unknown, place: string): StorageError {
  if (error instanceof StorageError) return error;
  const { state, message } = describe(error);
  const [code, text] = state === null ? explainConnection(message) : explainState(state, message);
  return new StorageError(code, `${place} ${text}`, { cause: error });
}

/** The SQLSTATE of what a server refused; null for what the network or the driver did. */
export function sqlState(error: unknown): string | null {
  return describe(error).state;
}

/** By SQLSTATE (PostgreSQL's manual, appendix A): its class, and single codes where a class holds both kinds. */
function explainState(state: string, message: string): readonly [StorageErrorCode, string] {
  switch (state) {
    case "55P03":
      return ["busy", `is locked by another program: ${message}`];
    case "28P01":
    case "28000":
    case "3D000":
    case "42501":
      return ["unavailable", `refuses: ${message}`];
  }
  switch (state.slice(0, 2)) {
    case "40":
      return ["busy", `is in use by another program: ${message}`];
    case "22":
    case "23":
    case "54":
      return ["unsupported", `cannot hold this: ${message}`];
    case "42":
      return ["unsupported", `has another schema than this program's: ${message}`];
    case "XX":
      return ["corrupt", `is damaged: ${message}`];
    default:
      return ["unavailable", `cannot be used: ${message}`];
  }
}

function explainConnection(message: string): readonly [StorageErrorCode, string] {
  if (message.includes("password must be a")) {
    return ["unavailable", "refuses: it asks for a password, and the URL and PGPASSWORD hold none"];
  }
  return ["unavailable", `cannot be reached: ${message}`];
}

/** A host with several addresses fails with an AggregateError, which says nothing itself. */
function describe(error: unknown): { readonly state: string | null; readonly message: string } {
  const { code, message, errors } = Object(error) as {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly errors?: unknown;
  };
  const isState = typeof code === "string" && /^[0-9A-Z]{5}$/.test(code);
  const [first] = Array.isArray(errors) ? (errors as readonly unknown[]) : [];
  if (first !== undefined) return describe(first);
  return { state: isState ? code : null, message: typeof message === "string" ? message : String(error) };
}
