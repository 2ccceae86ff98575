/** Type codes of the IDX format: only unsigned bytes are read. */
const unsignedByte = 0x08;

/** An array of unsigned bytes with its dimensions, outermost first. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  readonly values: Uint8Array;
}

/**
 * Reads the IDX format of the MNIST files: two zero bytes, type code, number of dimensions, each dimension as a big-endian 32-bit
 * number, then the values.
 * @throws Error, in one line, where the bytes are something else.
 */
export function readIdx(bytes: Uint8Array): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0 || view.getUint8(2) !== unsignedByte) {
    throw new Error("not an IDX file of unsigned bytes");
  }
  const rank = view.getUint8(3);
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw new Error("an IDX file that ends within its header");
  const dimensions = Array.from({ length: rank }, (_, index) => view.getUint32(4 + 4 * index));
  const size = dimensions.reduce((product, dimension) => product * dimension, 1);
  const values = bytes.subarray(start);
  if (values.length !== size) {
    throw new Error(`an IDX file of ${values.length} values whose header says ${dimensions.join(" x ")}`);
  }
  return { dimensions, values };
}
