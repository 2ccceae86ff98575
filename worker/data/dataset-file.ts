import { createHash } from "node:crypto";
import { z } from "zod";
import { exampleSize, parts, type Dataset, type Examples } from "./dataset.ts";

/** "fpnd" and the version of the format; a change of the split or of the layout raises it. */
const magic = Buffer.from("fpnd0001", "latin1");

const count = z.number().int().nonnegative();
const header = z.object({
  name: z.string(),
  shape: z.object({ height: count, width: count, channels: count }),
  classes: count,
  mean: z.number(),
  deviation: z.number(),
  counts: z.object({ train: count, validation: count, test: count }),
  /** SHA-256 of all that follows the header. */
  sha256: z.string(),
});

/** The bytes of a decoded data set: magic, length of the header (32-bit little-endian), header as JSON, then images and labels of each part. */
export function encodeDataset(dataset: Dataset): Uint8Array[] {
  const body = parts.flatMap((part) => [dataset[part].images, dataset[part].labels]);
  const { name, shape, classes, mean, deviation, train, validation, test } = dataset;
  const counts = { train: train.count, validation: validation.count, test: test.count };
  const text = JSON.stringify({ name, shape, classes, mean, deviation, counts, sha256: hashOf(body) });
  const head = Buffer.from(text, "utf8");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  return [magic, length, head, ...body];
}

/** The data set in `bytes`, sharing their memory; undefined where they are of another version, cut short or changed. */
export function decodeDataset(bytes: Buffer): Dataset | undefined {
  const start = magic.length + 4;
  if (bytes.length < start || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const end = start + bytes.readUInt32LE(magic.length);
  const parsed = header.safeParse(parseJson(bytes.subarray(start, end).toString("utf8")));
  const body = bytes.subarray(end);
  if (!parsed.success || hashOf([body]) !== parsed.data.sha256) return undefined;
  const { counts, name, shape, classes, mean, deviation } = parsed.data;
  const size = exampleSize(shape);
  let offset = 0;
  const take = (length: number): Uint8Array => body.subarray(offset, (offset += length));
  const examples = (count: number): Examples => ({ count, images: take(count * size), labels: take(count) });
  const train = examples(counts.train);
  const validation = examples(counts.validation);
  const test = examples(counts.test);
  return offset === body.length ? { name, shape, classes, mean, deviation, train, validation, test } : undefined;
}

function hashOf(pieces: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
