import { randomStream } from "../../network/random.ts";
import type { Dataset, Examples } from "./dataset.ts";
import { copyVaried } from "./vary.ts";

/** Examples ready to become tensors; the arrays are used again for the next batch. */
export interface Batch {
  readonly count: number;
  /** Normalized pixels, [count, height, width, channels]. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** A random order of 0 to count - 1 (Fisher and Yates). */
function permutation(count: number, seed: number, name: string): Uint32Array {
  const random = randomStream(seed, name);
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}

/** Puts the image of one example into a batch, normalized. */
type CopyImage = (from: Uint8Array, to: Float32Array, normalized: Float32Array) => void;

const copyPlain: CopyImage = (from, to, normalized) => {
  for (let pixel = 0; pixel < to.length; pixel += 1) to[pixel] = normalized[from[pixel] ?? 0] ?? 0;
};

/** Assembles batches of a data set's examples: normalized by the train part's mean and deviation, through a table of all 256 bytes. */
function assembler(
  dataset: Dataset,
  examples: Examples,
  size: number,
): (indices: ArrayLike<number>, copy?: CopyImage) => Batch {
  const { height, width, channels } = dataset.input;
  const imageSize = height * width * channels;
  const normalized = Float32Array.from({ length: 256 }, (_, byte) => (byte - dataset.mean) / dataset.deviation);
  const images = new Float32Array(size * imageSize);
  const labels = new Int32Array(size);
  return (indices, copy = copyPlain) => {
    const count = indices.length;
    for (let position = 0; position < count; position += 1) {
      const index = indices[position] ?? 0;
      const from = index * imageSize;
      const to = position * imageSize;
      copy(examples.images.subarray(from, from + imageSize), images.subarray(to, to + imageSize), normalized);
      labels[position] = examples.labels[index] ?? 0;
    }
    return { count, images: images.subarray(0, count * imageSize), labels: labels.subarray(0, count) };
  };
}

/**
 * Full batches without end, every epoch in an order of its own that follows from the seed; examples that do not fill a batch at the end of
 * an epoch wait for the next one's order. Begins with the batch of step `from`, counted from 0. There must be enough examples for a batch.
 * Where they are `varied`, each image of a batch is shifted, and mirrored where the data set allows it, by chance that follows from seed and step.
 */
export function* trainingBatches(
  dataset: Dataset,
  examples: Examples,
  size: number,
  seed: number,
  from: number,
  varied = false,
): Generator<Batch> {
  const assemble = assembler(dataset, examples, size);
  const perEpoch = Math.floor(examples.count / size);
  let skipped = from % perEpoch;
  for (let epoch = Math.floor(from / perEpoch); ; epoch += 1) {
    const order = permutation(examples.count, seed, `epoch/${epoch}`);
    for (let batch = skipped; batch < perEpoch; batch += 1) {
      const indices = order.subarray(batch * size, (batch + 1) * size);
      if (!varied) yield assemble(indices);
      else yield assemble(indices, copyVaried(dataset, randomStream(seed, `vary/${epoch * perEpoch + batch}`)));
    }
    skipped = 0;
  }
}

/** The first `limit` examples in their own order, which is that of their hashes; the last batch may be smaller. */
export function* evaluationBatches(dataset: Dataset, examples: Examples, size: number, limit: number): Generator<Batch> {
  const assemble = assembler(dataset, examples, size);
  const count = Math.min(limit, examples.count);
  for (let first = 0; first < count; first += size) {
    const indices = Uint32Array.from({ length: Math.min(size, count - first) }, (_, offset) => first + offset);
    yield assemble(indices);
  }
}
