import { readFile } from "node:fs/promises";
import { gunzip } from "node:zlib";
import { promisify } from "node:util";

/** An array of bytes in the IDX format of the MNIST files. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;

/** Reads an IDX file of unsigned bytes, gzipped or not. Rejects where it is anything else or cut short. */
export async function readIdx(path: string): Promise<IdxArray> {
  const raw = await readFile(path);
  const bytes = raw[0] === 0x1f && raw[1] === 0x8b ? await promisify(gunzip)(raw) : raw;
  const axes = bytes[3] ?? 0;
  const start = 4 + 4 * axes;
  if (bytes.length < start || bytes.readUInt16BE(0) !== 0 || bytes[2] !== unsignedByte) {
    throw new Error(`${path} is no IDX file of bytes`);
  }
  const shape = Array.from({ length: axes }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  const size = shape.reduce((product, side) => product * side, 1);
  if (bytes.length !== start + size) {
    throw new Error(`${path} holds ${bytes.length - start} bytes, not ${shape.join(" x ")}`);
  }
  return { shape, data: bytes.subarray(start) };
}
