import { createHash } from "node:crypto";
import { partNames, type Dataset, type DatasetSource, type DecodedExamples, type Examples } from "./dataset.ts";

/**
 * A decoded data set as one run of bytes, and as the cache file that holds it: a line of JSON (format, counts, SHA-256 of the rest), then
 * the labels of train, validation and test, then their images. Parts that lie next to each other can so be used as one without a copy.
 */
const format = "fpnas dataset 1";

interface Header {
  readonly format: string;
  /** Examples in train, validation and test. */
  readonly counts: readonly number[];
  readonly sha256: string;
  readonly mean: number;
  readonly deviation: number;
}

const newline = 0x0a;

function momentsOf(bytes: Uint8Array): { readonly mean: number; readonly deviation: number } {
  const histogram = new Float64Array(256);
  for (const byte of bytes) histogram[byte] = (histogram[byte] ?? 0) + 1;
  const mean = histogram.reduce((sum, count, value) => sum + count * value, 0) / bytes.length;
  const variance = histogram.reduce((sum, count, value) => sum + count * (value - mean) ** 2, 0) / bytes.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** Lays a decoded data set out as the bytes of its cache file. */
export function pack(parts: Readonly<Record<(typeof partNames)[number], DecodedExamples>>): Buffer<ArrayBuffer> {
  const labels = Buffer.from(partNames.flatMap((name) => parts[name].labels));
  const images = Buffer.concat(partNames.flatMap((name) => parts[name].images));
  const content = Buffer.concat([labels, images]);
  const trainCount = parts.train.labels.length;
  const trainBytes = (images.length / labels.length) * trainCount;
  const header: Header = {
    format,
    counts: partNames.map((name) => parts[name].labels.length),
    sha256: createHash("sha256").update(content).digest("hex"),
    ...momentsOf(images.subarray(0, trainBytes)),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), content]);
}

/** Reads the bytes of a cache file without copying them. @throws Error where they are not what `pack` made for this source. */
export function unpack(file: Uint8Array, source: DatasetSource): Dataset {
  const split = file.indexOf(newline);
  const header = JSON.parse(Buffer.from(file.subarray(0, split)).toString("utf8")) as Header;
  const content = file.subarray(split + 1);
  const { height, width, channels } = source.input;
  const imageBytes = height * width * channels;
  const [train = 0, validation = 0, test = 0] = header.format === format ? header.counts : [];
  const total = train + validation + test;
  if (total === 0 || content.length !== total * (1 + imageBytes)) throw new Error("not a data set of this format");
  if (createHash("sha256").update(content).digest("hex") !== header.sha256) throw new Error("checksum does not fit");
  const examples = (first: number, count: number): Examples => ({
    count,
    labels: content.subarray(first, first + count),
    images: content.subarray(total + first * imageBytes, total + (first + count) * imageBytes),
  });
  return {
    name: source.name,
    input: source.input,
    classes: source.classes,
    train: examples(0, train),
    validation: examples(train, validation),
    test: examples(train + validation, test),
    trainAndValidation: examples(0, train + validation),
    mean: header.mean,
    deviation: header.deviation,
    variation: source.variation,
  };
}
