import type { WeightsSlice } from "../../network/shared-weights.ts";
import { WeightsError } from "./weights-store.ts";

/**
 * The shapes of the tensors that slices are of, in the slices' order. Throws WeightsError `invalid` where one is of no tensor, has other
 * dimensions, a side of none or more than the tensor's, or comes twice, or there is none.
 */
export function shapesOf(
  slices: readonly WeightsSlice[],
  tensors: readonly WeightsSlice[],
  what: string,
): readonly (readonly number[])[] {
  if (slices.length === 0) throw new WeightsError("invalid", `${what}: there must be at least one slice.`);
  const shapes = new Map(tensors.map(({ tensor, shape }) => [tensor, shape]));
  const seen = new Set<string>();
  return slices.map(({ tensor, shape }) => {
    const whole = shapes.get(tensor);
    if (whole === undefined) throw new WeightsError("invalid", `${what}: there is no tensor ${tensor}.`);
    if (seen.has(tensor)) throw new WeightsError("invalid", `${what}: the tensor ${tensor} comes twice.`);
    seen.add(tensor);
    const fits =
      shape.length === whole.length &&
      shape.every((side, dimension) => Number.isInteger(side) && side >= 1 && side <= (whole[dimension] ?? 0));
    if (!fits) {
      const shown = `[${shape.join(", ")}]`;
      throw new WeightsError("invalid", `${what}: a slice ${shown} of ${tensor}, which is [${whole.join(", ")}].`);
    }
    return whole;
  });
}
