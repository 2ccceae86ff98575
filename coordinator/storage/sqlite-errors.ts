import { StorageError } from "./storage.ts";
import type { StorageErrorCode } from "./storage.ts";

/** Says in the port's words, naming `file`, what SQLite or the file system refused. A StorageError stays as it is. */
export function toStorageError(error: unknown, file: string): StorageError {
  if (error instanceof StorageError) return error;
  const { code: reason, message } = describe(error);
  const [code, text] = explain(reason, message);
  return new StorageError(code, `${file} ${text}`, { cause: error });
}

/** By the first part of SQLite's extended result codes, such as SQLITE_IOERR_WRITE. */
function explain(reason: string, message: string): readonly [StorageErrorCode, string] {
  switch (/^SQLITE_[A-Z]+/.exec(reason)?.[0]) {
    case "SQLITE_BUSY":
    case "SQLITE_LOCKED":
      return ["busy", "is in use by another coordinator"];
    case "SQLITE_NOTADB":
      return ["corrupt", "is not a SQLite database"];
    case "SQLITE_CORRUPT":
      return ["corrupt", `is damaged: ${message}`];
    case "SQLITE_FULL":
      return ["unavailable", "cannot grow: the disk is full"];
    case "SQLITE_READONLY":
      return ["unavailable", "cannot be written: it is read-only"];
    case "SQLITE_CANTOPEN":
      return ["unavailable", "cannot be opened or made: it must be a file in a folder that this user may write"];
    case "SQLITE_TOOBIG":
    case "SQLITE_CONSTRAINT":
    case "SQLITE_MISMATCH":
      return ["unsupported", `cannot hold this: ${message}`];
    default:
      return ["unavailable", `cannot be used: ${message}`];
  }
}

/** By shape, not by class: an add-on that several contexts share throws the errors of the first. */
function describe(error: unknown): { readonly code: string; readonly message: string } {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
  return { code: typeof code === "string" ? code : "", message: typeof message === "string" ? message : String(error) };
}
