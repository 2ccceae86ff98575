import { sliceSize } from "../../network/weights-codec.ts";
import type { SharedTensor, WeightsSlice } from "../../network/shared-weights.ts";
import { normalNumbers, randomStream } from "../../network/random.ts";
import type { SharedWeights, SlicesRequest } from "../../worker/evaluator/evaluator.ts";

/** Whole tensors by name. */
export type Tensors = ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;

/** Random tensors of a supernet; scales are near 1. */
export function randomTensors(tensors: readonly SharedTensor[], seed: number): Tensors {
  return new Map(
    tensors.map((tensor) => {
      const { initial } = tensor;
      const noise = normalNumbers(
        randomStream(seed, tensor.tensor),
        sliceSize(tensor),
        initial.type === "normal" ? initial.deviation : 0.2,
      );
      const values = initial.type === "normal" ? noise : noise.map((value) => value + initial.value);
      return [tensor.tensor, { shape: tensor.shape, values }];
    }),
  );
}

/** Places of a slice within its whole tensor, in the slice's own order. */
export function placesOf(whole: readonly number[], slice: readonly number[]): readonly number[] {
  let places = [0];
  whole.forEach((side, dimension) => {
    places = places.flatMap((place) => Array.from({ length: slice[dimension]! }, (_, index) => place * side + index));
  });
  return places;
}

/** The numbers of a slice. */
export function sliceOf(tensors: Tensors, { tensor, shape }: WeightsSlice): Float32Array {
  const { shape: whole, values } = tensors.get(tensor)!;
  return Float32Array.from(placesOf(whole, shape), (place) => values[place]!);
}

/** Shared weights in memory: gives slices of `tensors`, and keeps what was put. */
export class TensorWeights implements SharedWeights {
  readonly requests: SlicesRequest[] = [];
  readonly puts: Parameters<SharedWeights["put"]>[0][] = [];
  readonly #tensors: Tensors;

  constructor(tensors: Tensors) {
    this.#tensors = tensors;
  }

  fetch(request: SlicesRequest): Promise<readonly Float32Array[]> {
    this.requests.push(request);
    return Promise.resolve(request.slices.map((slice) => sliceOf(this.#tensors, slice)));
  }

  put(update: Parameters<SharedWeights["put"]>[0]): ReturnType<SharedWeights["put"]> {
    this.puts.push(update);
    return Promise.resolve({ sha256: "ab".repeat(32), sizeBytes: 4 });
  }
}
