/** Samples to compare others with, column by column: sample I's arm of choice C stands at C · count + I. */
export interface SampleTable {
  readonly count: number;
  /** Number of arms of each choice. */
  readonly sizes: readonly number[];
  readonly arms: Int32Array;
}

/** Puts samples into columns. @param sizes number of arms of each choice. */
export function sampleTable(samples: readonly (readonly number[])[], sizes: readonly number[]): SampleTable {
  const count = samples.length;
  const arms = new Int32Array(count * sizes.length);
  samples.forEach((sample, index) => sample.forEach((arm, choice) => (arms[choice * count + index] = arm)));
  return { count, sizes, arms };
}

/**
 * How alike two arms of a choice are: 1 where they are the same; else `order` · (1 - distance / largest distance) by their places in
 * the choice's list, for lists of sizes, depths and ratios stand in order. 0 between the ends of a list, and with an order of 0.
 * @param order 0 to 1.
 */
export function armLikeness(left: number, right: number, size: number, order: number): number {
  return left === right ? 1 : order * (1 - Math.abs(left - right) / (size - 1));
}

/** The summed likeness over all choices of a sample and each of the table's: 0 to the number of choices. */
export function agreements(table: SampleTable, sample: readonly number[], order: number): Float64Array {
  const sums = new Float64Array(table.count);
  sample.forEach((arm, choice) => {
    addLikeness(sums, table, choice, arm, order, 1);
  });
  return sums;
}

/** Adds the likeness of one arm and each sample's arm of that choice, times `factor`, to the sums. */
export function addLikeness(
  sums: Float64Array,
  { count, sizes, arms }: SampleTable,
  choice: number,
  arm: number,
  order: number,
  factor: number,
): void {
  const slope = order / Math.max(1, (sizes[choice] ?? 1) - 1);
  const start = choice * count;
  for (let index = 0; index < count; index++) {
    const other = arms[start + index] as number;
    const likeness = other === arm ? 1 : order - slope * Math.abs(other - arm);
    sums[index] = (sums[index] as number) + factor * likeness;
  }
}
