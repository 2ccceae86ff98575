import { randomStream } from "../random.ts";
import { exampleSize, type Dataset, type Examples } from "./dataset.ts";

/** One batch, ready for the backend. */
export interface Batch {
  readonly count: number;
  /** count x height x width x channels, normalized to mean 0 and deviation 1 over the data set. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** A source of examples to train on: all of them in one part, or two parts one after the other. */
export type ExampleSource = readonly [Examples, ...Examples[]];

/**
 * Endless batches for training: each epoch visits every example once, in an order drawn from the seed and the number of the epoch.
 * A batch may span two epochs. The arrays of a batch are its own.
 */
export function* trainingBatches(
  dataset: Dataset,
  sources: ExampleSource,
  batch: number,
  seed: number,
): Generator<Batch, never, undefined> {
  const assemble = assembler(dataset, sources);
  const total = sources.reduce((sum, { count }) => sum + count, 0);
  const picked = new Uint32Array(batch);
  let filled = 0;
  for (let epoch = 0; ; epoch++) {
    for (const index of permutation(total, randomStream(seed, `epoch/${epoch}`))) {
      picked[filled++] = index;
      if (filled < batch) continue;
      yield assemble(picked);
      filled = 0;
    }
  }
}

/** The first `limit` examples of a part (0: all) in their order, in batches of at most `batch`. */
export function* evaluationBatches(
  dataset: Dataset,
  part: Examples,
  batch: number,
  limit: number,
): Generator<Batch, void, undefined> {
  const assemble = assembler(dataset, [part]);
  const total = limit === 0 ? part.count : Math.min(limit, part.count);
  for (let start = 0; start < total; start += batch) {
    yield assemble(Uint32Array.from({ length: Math.min(batch, total - start) }, (_, index) => start + index));
  }
}

function assembler(dataset: Dataset, sources: ExampleSource): (indices: Uint32Array) => Batch {
  const size = exampleSize(dataset.shape);
  const normalized = Float32Array.from({ length: 256 }, (_, pixel) => (pixel - dataset.mean) / dataset.deviation);
  return (indices) => {
    const images = new Float32Array(indices.length * size);
    const labels = new Int32Array(indices.length);
    indices.forEach((index, place) => {
      let source = 0;
      let local = index;
      for (; local >= (sources[source]?.count ?? Infinity); source++) local -= sources[source]?.count ?? 0;
      const examples = sources[source] ?? sources[0];
      labels[place] = examples.labels[local] ?? 0;
      const from = local * size;
      const to = place * size;
      for (let i = 0; i < size; i++) images[to + i] = normalized[examples.images[from + i] ?? 0] ?? 0;
    });
    return { count: indices.length, images, labels };
  };
}

/** Fisher and Yates's shuffle of 0 to count - 1. */
function permutation(count: number, random: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const swapped = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = swapped;
  }
  return order;
}
