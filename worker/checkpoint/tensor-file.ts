/** A tensor by value. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** As many as the shape says, rows first. */
  readonly values: Float32Array;
}

/** Tensors with texts beside them. */
export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly NamedTensor[];
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const metadataKey = "__metadata__";
const lengthBytes = 8;
const alignment = 8;

/**
 * Writes tensors as a file of the safetensors format: the length of the header (64 bits, little-endian), the header as JSON, padded with
 * spaces to a multiple of 8 bytes, then all numbers (float32, little-endian) in the order of the tensors. Whatever reads that format reads it.
 */
export function encodeTensors({ metadata, tensors }: TensorFile): Uint8Array {
  let offset = 0;
  const entries = tensors.map(({ name, shape, values }): [string, Entry] => {
    const start = offset;
    offset += values.byteLength;
    return [name, { dtype: "F32", shape, data_offsets: [start, offset] }];
  });
  const json = JSON.stringify({ [metadataKey]: metadata, ...Object.fromEntries(entries) });
  const header = Buffer.from(json.padEnd(json.length + padding(Buffer.byteLength(json)), " "));
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(header.length));
  const numbers = tensors.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  return Buffer.concat([length, header, ...numbers]);
}

function padding(byteLength: number): number {
  return (alignment - (byteLength % alignment)) % alignment;
}

/** Reads such a file, in the order of its header. Throws Error where it is damaged, has other numbers than float32, or says too much or too little. */
export function decodeTensors(bytes: Uint8Array): TensorFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = file.length < lengthBytes ? Infinity : Number(file.readBigUInt64LE());
  const dataStart = lengthBytes + headerBytes;
  if (dataStart > file.length) throw new Error("the file ends within its header");
  const header = readHeader(file.toString("utf8", lengthBytes, dataStart));
  const data = file.subarray(dataStart);
  let offset = 0;
  const tensors = Object.entries(header.entries).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [start, end],
      },
    ]) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const isWhole = dtype === "F32" && start === offset && end - start === 4 * size && end <= data.length;
      if (!isWhole)
        throw new Error(`the tensor ${JSON.stringify(name)} is not ${size} float32 numbers at byte ${offset}`);
      offset = end;
      // A copy: the numbers of a file need not lie where an array of them may begin.
      return { name, shape, values: new Float32Array(Uint8Array.from(data.subarray(start, end)).buffer) };
    },
  );
  if (offset !== data.length) throw new Error(`${data.length - offset} bytes belong to no tensor`);
  return { metadata: header.metadata, tensors };
}

function readHeader(json: string): Pick<TensorFile, "metadata"> & { readonly entries: Record<string, Entry> } {
  const header = JSON.parse(json) as Record<string, unknown> | null;
  if (typeof header !== "object" || header === null) throw new Error("the header is no object");
  const { [metadataKey]: metadata = {}, ...entries } = header;
  if (!isTexts(metadata) || !Object.values(entries).every(isEntry)) throw new Error("the header is not one of tensors");
  return { metadata, entries: entries as Record<string, Entry> };
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === "object" && value !== null && Object.values(value).every((text) => typeof text === "string");
}

function isEntry(value: unknown): value is Entry {
  const { dtype, shape, data_offsets: offsets } = Object(value) as Partial<Record<keyof Entry, unknown>>;
  return typeof dtype === "string" && areSizes(shape) && areSizes(offsets) && offsets.length === 2;
}

function areSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && Number(side) >= 0);
}
