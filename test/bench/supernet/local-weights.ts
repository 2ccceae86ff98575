import type { WeightsMerge } from "../../../coordinator/weights/weights-store.ts";
import { sliceSize } from "../../../network/weights-codec.ts";
import type { SharedTensor, WeightsSlice } from "../../../network/shared-weights.ts";
import type { SharedWeights } from "../../../worker/evaluator/evaluator.ts";
import { normalNumbers, randomStream } from "../../../worker/random.ts";

/** Runs of numbers that lie together both in a slice and in its whole tensor: where each begins in the whole, and their length. */
function runsOf(
  whole: readonly number[],
  slice: readonly number[],
): { readonly starts: Uint32Array; readonly length: number } {
  const rank = whole.length;
  let length = 1;
  let stride = 1;
  let split = rank;
  // What is taken whole at the end of the shape lies together, and so do the first places of the dimension before.
  while (split > 0) {
    split -= 1;
    length *= slice[split] ?? 1;
    stride *= whole[split] ?? 1;
    if (slice[split] !== whole[split]) break;
  }
  let starts = [0];
  for (let dimension = split - 1; dimension >= 0; dimension -= 1) {
    const step = stride;
    const side = slice[dimension] ?? 1;
    starts = Array.from({ length: side }, (_, place) => starts.map((start) => place * step + start)).flat();
    stride *= whole[dimension] ?? 1;
  }
  return { starts: Uint32Array.from(starts), length };
}

/**
 * The shared weights of one job in memory, and the changes that its trials send: what the coordinator's store does, without a disk. The last
 * version alone is kept, so that rounds must be synchronous.
 */
export class LocalWeights implements SharedWeights {
  /** Numbers that were fetched and put. */
  traffic = { fetched: 0, put: 0 };
  private version = 0;
  private shapes = new Map<string, readonly number[]>();
  private tensors = new Map<string, Float32Array>();
  /** Of the last merge. */
  private readonly changes = new Map<string, Float32Array>();
  private readonly updates = new Map<
    string,
    { readonly slices: readonly WeightsSlice[]; readonly values: readonly Float32Array[] }
  >();
  private readonly runs = new Map<string, ReturnType<typeof runsOf>>();

  merge({ round, tensors, seed, updates, momentum }: WeightsMerge): void {
    if (round === 0) this.begin(tensors, seed);
    else if (updates.length > 0 || momentum > 0) {
      for (const [name, values] of this.tensors) {
        const change = this.changes.get(name) ?? new Float32Array(values.length);
        change.forEach((value, place) => (change[place] = momentum * value));
        this.changes.set(name, change);
      }
      for (const { sha256, weight } of updates) this.addUpdate(sha256, weight);
      for (const [name, values] of this.tensors) {
        const change = this.changes.get(name);
        values.forEach((value, place) => (values[place] = value + (change?.[place] ?? 0)));
      }
    }
    this.updates.clear();
    this.version = round + 1;
  }

  fetch({
    version,
    slices,
  }: {
    readonly version: number;
    readonly slices: readonly WeightsSlice[];
  }): Promise<readonly Float32Array[]> {
    if (version !== this.version) throw new Error(`version ${version} is gone`);
    return Promise.resolve(
      slices.map((slice) => {
        const whole = this.tensors.get(slice.tensor) ?? new Float32Array();
        const { starts, length } = this.runsOf(slice);
        const values = new Float32Array(sliceSize(slice));
        starts.forEach((start, run) => values.set(whole.subarray(start, start + length), run * length));
        this.traffic.fetched += values.length;
        return values;
      }),
    );
  }

  put({ slices, values }: Parameters<SharedWeights["put"]>[0]): ReturnType<SharedWeights["put"]> {
    const sha256 = (this.updates.size + 1).toString(16).padStart(64, "0");
    const count = values.reduce((sum, { length }) => sum + length, 0);
    this.updates.set(sha256, { slices, values });
    this.traffic.put += count;
    return Promise.resolve({ sha256, sizeBytes: 4 * count });
  }

  private begin(tensors: readonly SharedTensor[], seed: number): void {
    this.shapes = new Map(tensors.map(({ tensor, shape }) => [tensor, shape]));
    this.tensors = new Map(
      tensors.map((tensor) => {
        const { initial } = tensor;
        const size = sliceSize(tensor);
        if (initial.type === "constant") return [tensor.tensor, new Float32Array(size).fill(initial.value)];
        return [tensor.tensor, normalNumbers(randomStream(seed, `shared/${tensor.tensor}`), size, initial.deviation)];
      }),
    );
  }

  private addUpdate(sha256: string, weight: number): void {
    const { slices = [], values = [] } = this.updates.get(sha256) ?? {};
    slices.forEach((slice, index) => {
      const change = this.changes.get(slice.tensor);
      const numbers = values[index];
      if (change === undefined || numbers === undefined) return;
      const { starts, length } = this.runsOf(slice);
      starts.forEach((start, run) => {
        for (let place = 0; place < length; place += 1)
          change[start + place] = (change[start + place] ?? 0) + weight * (numbers[run * length + place] ?? 0);
      });
    });
  }

  private runsOf({ tensor, shape }: WeightsSlice): ReturnType<typeof runsOf> {
    const key = `${tensor} ${shape.join("x")}`;
    const known = this.runs.get(key) ?? runsOf(this.shapes.get(tensor) ?? [], shape);
    this.runs.set(key, known);
    return known;
  }
}
