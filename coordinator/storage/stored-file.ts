/** A file in a store, whose bytes are read when they are asked for. */
export interface StoredFile {
  readonly byteLength: number;
  /**
   * The bytes in order, in pieces of at most 1 MiB, each read from the store when it is asked for: who takes none holds none. To be called once
   * or more. Throws StorageError `unavailable` where the file is taken away meanwhile, `corrupt` where a part of it is missing.
   */
  chunks(): AsyncIterable<Uint8Array>;
}

/** All bytes of a file, in memory at once; null for null. Rejects as `chunks` throws. */
export async function readWhole(file: StoredFile): Promise<Uint8Array>;
export async function readWhole(file: StoredFile | null): Promise<Uint8Array | null>;
export async function readWhole(file: StoredFile | null): Promise<Uint8Array | null> {
  if (file === null) return null;
  const bytes = new Uint8Array(file.byteLength);
  let offset = 0;
  for await (const chunk of file.chunks()) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}
