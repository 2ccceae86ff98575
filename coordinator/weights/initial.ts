import type { SharedTensor } from "../../network/shared-weights.ts";
import { normalNumbers, randomStream } from "../../network/random.ts";
import { sliceSize } from "../../network/weights-codec.ts";

/** What a tensor begins as: a function of the seed, its name and its shape, whatever other tensors there are. */
export function initialNumbers(tensor: SharedTensor, seed: number): Float32Array {
  const { initial } = tensor;
  const size = sliceSize(tensor);
  if (initial.type === "constant") return new Float32Array(size).fill(initial.value);
  return normalNumbers(randomStream(seed, `weights/${tensor.tensor}`), size, initial.deviation);
}
