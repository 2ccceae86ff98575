import { StorageError } from "../storage.ts";
import type { ReadStatements } from "./read-statements.ts";
import type { SqlStatement, SqlWrite } from "./sql-database.ts";
import type { WriteStatements } from "./write-statements.ts";

/** Small enough that trials go on between two chunks, large enough that a flush a chunk costs little. */
const chunkBytes = 1 << 20;

/**
 * Stores a file chunk by chunk, each its own unit: a large file neither makes a large transaction nor holds up commits.
 * The file is there from its last unit on; a crash before leaves chunks that the next start drops.
 */
export async function storeFile(
  statements: WriteStatements,
  submit: (unit: readonly SqlWrite[]) => Promise<void>,
  sha256: string,
  bytes: Uint8Array,
): Promise<void> {
  for (let chunk = 0; chunk * chunkBytes < bytes.length; chunk += 1) {
    const part = bytes.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes);
    await submit([{ ...statements.addFileChunk.bind({ sha256, chunk, bytes: part }), unchanged: null }]);
  }
  await submit([{ ...statements.addFile.bind({ sha256, byteLength: bytes.length }), unchanged: null }]);
}

/** Reads a file back, letting other work go on between chunks. Throws `corrupt` where a part of it is missing. */
export async function fetchFile(
  statements: ReadStatements,
  first: <O>(statement: SqlStatement<O>) => Promise<O | null>,
  sha256: string,
): Promise<Uint8Array | null> {
  const file = await first(statements.file.bind({ sha256 }));
  if (file === null) return null;
  const bytes = new Uint8Array(file.byteLength);
  for (let chunk = 0; chunk * chunkBytes < bytes.length; chunk += 1) {
    const part = await first(statements.fileChunk.bind({ sha256, chunk }));
    if (part?.bytes.length !== Math.min(chunkBytes, bytes.length - chunk * chunkBytes)) {
      throw new StorageError("corrupt", `file ${sha256} lacks its chunk ${chunk}`);
    }
    bytes.set(part.bytes, chunk * chunkBytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return bytes;
}
