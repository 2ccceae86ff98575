/** A kernel over samples by the number m of choices in which two agree: ((m + offset) / (choices + offset)) ^ degree, plus noise on the diagonal. */
export interface MatchKernel {
  readonly degree: number;
  readonly offset: number;
  /** Variance of the noise as a share of the kernel's. */
  readonly noise: number;
}

/** Kernels that are tried, in this order; of equally likely ones the first is taken. */
export const matchKernels: readonly MatchKernel[] = [2, 3].flatMap((degree) =>
  [0, 2].flatMap((offset) => [0.001, 0.01, 0.1, 0.4].map((noise) => ({ degree, offset, noise }))),
);

/** In how many choices each of the left samples agrees with each of the right ones: a row for each left sample. */
export function countMatches(
  left: readonly (readonly number[])[],
  right: readonly (readonly number[])[],
): readonly Uint16Array[] {
  const others = right.map((arms) => Int32Array.from(arms));
  return left.map((sample) => {
    const arms = Int32Array.from(sample);
    const row = new Uint16Array(others.length);
    for (const [index, other] of others.entries()) {
      let matches = 0;
      for (let choice = 0; choice < arms.length; choice++) if (arms[choice] === other[choice]) matches++;
      row[index] = matches;
    }
    return row;
  });
}

/** The kernel's value for each number of matches, 0 to all `choices`. */
export function kernelValues({ degree, offset }: MatchKernel, choices: number): Float64Array {
  return Float64Array.from(
    { length: choices + 1 },
    (_, matches) => ((matches + offset) / (choices + offset)) ** degree,
  );
}
