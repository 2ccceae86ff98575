import { shippedSpaces } from "../../../coordinator/search/space/registry.ts";
import { sharedSlices, type SharedTensor, type WeightsSlice } from "../../../network/shared-weights.ts";
import { randomStream } from "../../../network/random.ts";

/** Shared weights and the slices that the draws of one round change. */
export interface WeightsCase {
  readonly name: string;
  readonly tensors: readonly SharedTensor[];
  readonly draws: readonly (readonly WeightsSlice[])[];
}

const megabyte: readonly number[] = [1, 1, 512, 512];

/** As many tensors of 1 MiB as it takes, and 16 draws that change a quarter of four each. */
function square(name: string, count: number): WeightsCase {
  const tensors = Array.from({ length: count }, (_, place): SharedTensor => {
    return { tensor: `t${place}`, shape: megabyte, initial: { type: "constant", value: 0.1 } };
  });
  const draws = Array.from({ length: 16 }, (_, draw) =>
    Array.from({ length: 4 }, (_each, place) => {
      return { tensor: `t${(draw + place) % count}`, shape: [1, 1, 256, 256] };
    }),
  );
  return { name, tensors, draws };
}

/** The supernet of a shipped space, and draws of it of which each arm is as likely as another. */
function shipped(name: string, count: number): WeightsCase {
  const space = shippedSpaces.get(name)?.make();
  const supernet = space?.supernet?.();
  if (space === undefined || supernet === undefined) throw new Error(`${name} is no supernet`);
  const random = randomStream(1, "draws");
  const draws = Array.from({ length: count }, () =>
    sharedSlices(supernet.decode(space.choices.map(({ arms }) => Math.floor(random() * arms.length)))),
  );
  return { name: `${count} draws of ${name}`, tensors: supernet.tensors, draws };
}

/** What is measured, the smallest first. */
export const weightsCases: readonly (() => WeightsCase)[] = [
  () => shipped("mbconv-small", 14),
  () => square("16 updates of 1 MiB, of 4 MiB", 4),
  () => square("16 updates of 1 MiB, of 100 MiB", 100),
];
