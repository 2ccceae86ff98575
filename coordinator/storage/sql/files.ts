import { fileTakenAway } from "../refusals.ts";
import { StorageError } from "../storage.ts";
import type { StoredFile } from "../stored-file.ts";
import type { ReadStatements } from "./read-statements.ts";
import type { SqlStatement, SqlWrite } from "./sql-database.ts";
import type { WriteStatements } from "./write-statements.ts";

/** Small enough that trials go on between two chunks, large enough that a flush a chunk costs little. */
const chunkBytes = 1 << 20;

type Submit = (unit: readonly SqlWrite[]) => Promise<void>;

/**
 * Stores a file chunk by chunk, each its own unit: a large file neither makes a large transaction nor holds up commits.
 * The file is there from its last unit on; a crash before leaves chunks that the next start drops.
 */
export async function storeFile(
  statements: WriteStatements,
  submit: Submit,
  kind: "file" | "checkpoint",
  sha256: string,
  bytes: Uint8Array,
): Promise<void> {
  for (let chunk = 0; chunk * chunkBytes < bytes.length; chunk += 1) {
    const part = bytes.subarray(chunk * chunkBytes, (chunk + 1) * chunkBytes);
    await submit([{ ...statements.addFileChunk.bind({ sha256, chunk, bytes: part }), unchanged: null }]);
  }
  const add = kind === "file" ? statements.addFile : statements.addCheckpointFile;
  await submit([{ ...add.bind({ sha256, byteLength: bytes.length }), unchanged: null }]);
}

/** Takes a file away that was stored as a checkpoint only, with all its chunks at once. */
export async function dropCheckpointFile(statements: WriteStatements, submit: Submit, sha256: string): Promise<void> {
  const { dropCheckpointFile: drop, dropLooseChunks } = statements;
  await submit([drop, dropLooseChunks].map((statement) => ({ ...statement.bind({ sha256 }), unchanged: null })));
}

/** Opens a file; other work goes on between its chunks. */
export async function openFile(
  statements: ReadStatements,
  first: <O>(statement: SqlStatement<O>) => Promise<O | null>,
  sha256: string,
): Promise<StoredFile | null> {
  const lookUp = () => first(statements.file.bind({ sha256 }));
  const file = await lookUp();
  if (file === null) return null;
  const { byteLength } = file;
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let chunk = 0; chunk * chunkBytes < byteLength; chunk += 1) {
      const part = await first(statements.fileChunk.bind({ sha256, chunk }));
      if (part?.bytes.length !== Math.min(chunkBytes, byteLength - chunk * chunkBytes)) {
        throw (await lookUp()) === null
          ? fileTakenAway(sha256)
          : new StorageError("corrupt", `file ${sha256} lacks its chunk ${chunk}`);
      }
      yield part.bytes;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { byteLength, chunks };
}
