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

/** A sample and its agreements with a table's, from which those of similar samples are quickly found. */
export interface Agreements {
  readonly sample: readonly number[];
  /** The summed likeness over all choices with each of the table's samples: 0 to the number of choices. */
  readonly sums: Float64Array;
}

/** Compares a sample with each of the table's, choice by choice. */
export function agreements(table: SampleTable, sample: readonly number[], order: number): Agreements {
  const sums = new Float64Array(table.count);
  sample.forEach((arm, choice) => {
    addTo(sums, likenessGains(table, choice, null, arm, order));
  });
  return { sample, sums };
}

/** The same, from those of another sample: only the choices in which the two differ are compared. */
export function agreementsNear(
  table: SampleTable,
  sample: readonly number[],
  near: Agreements,
  order: number,
): Agreements {
  const sums = near.sums.slice();
  sample.forEach((arm, choice) => {
    const from = near.sample[choice] ?? 0;
    if (arm !== from) addTo(sums, likenessGains(table, choice, from, arm, order));
  });
  return { sample, sums };
}

/** By how much more each of the table's samples is like one arm of a choice than another, or than none. */
export function likenessGains(
  { count, sizes, arms }: SampleTable,
  choice: number,
  from: number | null,
  to: number,
  order: number,
): Float64Array {
  const size = sizes[choice] ?? 1;
  const gainOf = (arm: number): number =>
    armLikeness(to, arm, size, order) - (from === null ? 0 : armLikeness(from, arm, size, order));
  const column = arms.subarray(choice * count, (choice + 1) * count);
  // Each arm's gain is found once, unless there are more arms than samples.
  if (size > count) return Float64Array.from(column, gainOf);
  const gains = new Float64Array(size);
  for (let arm = 0; arm < size; arm++) gains[arm] = gainOf(arm);
  const all = new Float64Array(count);
  for (let index = 0; index < count; index++) all[index] = gains[column[index] as number] as number;
  return all;
}

function addTo(sums: Float64Array, gains: Float64Array): void {
  for (let index = 0; index < sums.length; index++) sums[index] = (sums[index] as number) + (gains[index] as number);
}
