import { createHash } from "node:crypto";
import { initialNumbers } from "../../../coordinator/weights/initial.ts";
import { SliceRuns } from "../../../coordinator/weights/slice-runs.ts";
import type { WeightsMerge } from "../../../coordinator/weights/weights-store.ts";
import { sliceSize } from "../../../network/weights-codec.ts";
import type { WeightsSlice } from "../../../network/shared-weights.ts";
import type { SharedWeights, SlicesRequest } from "../../../worker/evaluator/evaluator.ts";

type Update = Parameters<SharedWeights["put"]>[0];

/** A tensor as the last version has it. */
interface HeldTensor {
  readonly shape: readonly number[];
  readonly numbers: Float32Array;
  /** In the version before; the same in the first. */
  readonly before: Float32Array;
}

/**
 * The shared weights of one job in memory, with the last version alone: rounds must be synchronous. Makes the very versions that the coordinator's
 * store makes on its disk (a test compares the two).
 */
export class LocalWeights implements SharedWeights {
  private version = 0;
  private tensors: ReadonlyMap<string, HeldTensor> = new Map();
  private readonly updates = new Map<string, Update>();
  private readonly places = new Map<string, Uint32Array>();

  /** Makes version `round` + 1, and forgets the updates. */
  merge({ round, tensors, seed, updates, momentum }: WeightsMerge): void {
    if (round === 0) {
      const begin = tensors.map((tensor) => [tensor, initialNumbers(tensor, seed)] as const);
      this.tensors = new Map(
        begin.map(([{ tensor, shape }, numbers]) => [tensor, { shape, numbers, before: numbers }]),
      );
    } else {
      const sums = new Map(
        [...this.tensors].map(([name, { numbers, before }]) => [
          name,
          Float64Array.from(numbers, (number, place) => number + momentum * (number - (before[place] ?? 0))),
        ]),
      );
      for (const { sha256, weight } of updates) this.addUpdate(sums, sha256, weight);
      this.tensors = new Map(
        [...this.tensors].map(([name, { shape, numbers }]) => [
          name,
          { shape, numbers: Float32Array.from(sums.get(name) ?? []), before: numbers },
        ]),
      );
    }
    this.updates.clear();
    this.version = round + 1;
  }

  fetch({ version, slices }: SlicesRequest): Promise<readonly Float32Array[]> {
    if (version !== this.version) return Promise.reject(new Error(`version ${version} of the weights is gone`));
    return Promise.resolve(
      slices.map((slice) => {
        const { numbers = new Float32Array() } = this.tensors.get(slice.tensor) ?? {};
        return Float32Array.from(this.placesOf(slice), (place) => numbers[place] ?? 0);
      }),
    );
  }

  put(update: Update): ReturnType<SharedWeights["put"]> {
    const hash = createHash("sha256");
    for (const values of update.values) hash.update(values);
    const sha256 = hash.digest("hex");
    this.updates.set(sha256, update);
    return Promise.resolve({ sha256, sizeBytes: 4 * update.values.reduce((sum, { length }) => sum + length, 0) });
  }

  private addUpdate(sums: ReadonlyMap<string, Float64Array>, sha256: string, weight: number): void {
    const { slices = [], values = [] } = this.updates.get(sha256) ?? {};
    slices.forEach((slice, index) => {
      const tensor = sums.get(slice.tensor) ?? new Float64Array();
      this.placesOf(slice).forEach((place, number) => {
        tensor[place] = (tensor[place] ?? 0) + weight * (values[index]?.[number] ?? 0);
      });
    });
  }

  /** Where a slice's numbers lie in their tensor. */
  private placesOf(slice: WeightsSlice): Uint32Array {
    const key = `${slice.tensor} ${slice.shape.join("x")}`;
    const known = this.places.get(key);
    if (known !== undefined) return known;
    const { shape = [], numbers: { length } = [] } = this.tensors.get(slice.tensor) ?? {};
    const places = new Uint32Array(sliceSize(slice));
    new SliceRuns(shape, slice.shape).visit(0, length, (place, index, count) => {
      for (let step = 0; step < count; step += 1) places[index + step] = place + step;
    });
    this.places.set(key, places);
    return places;
  }
}
