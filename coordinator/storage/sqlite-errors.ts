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

function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: "", message: String(error) };
  return { code: "code" in error ? String(error.code) : "", message: error.message };
}
