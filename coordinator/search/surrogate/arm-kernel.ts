/** A kernel over samples by their agreement a (agreement.ts): ((a + offset) / (choices + offset)) ^ degree, plus noise on the diagonal. */
export interface ArmKernel {
  readonly degree: number;
  readonly offset: number;
  /** How alike different arms of a choice are by their order, 0 (not at all) to 1. */
  readonly order: number;
  /** Variance of the noise as a share of the kernel's. */
  readonly noise: number;
}

const noises = [0.001, 0.01, 0.1, 0.4];

/** Kernels for arms without order, in the order in which they are tried. */
export const plainKernels: readonly ArmKernel[] = [2, 3].flatMap((degree) =>
  [0, 2].flatMap((offset) => noises.map((noise) => ({ degree, offset, order: 0, noise }))),
);

/** The same kernel for arms in order, with every noise. */
export function orderedKernels({ degree, offset }: ArmKernel): readonly ArmKernel[] {
  return [0.5, 0.8].flatMap((order) => noises.map((noise) => ({ degree, offset, order, noise })));
}

/** The kernel's value at an agreement, without the noise: 1 at full agreement. */
export function kernelValue({ degree, offset }: ArmKernel, agreement: number, choices: number): number {
  const share = (agreement + offset) / (choices + offset);
  return degree === 2 ? share * share : share * share * share;
}
