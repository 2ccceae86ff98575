import { describe, expect, test } from "@jest/globals";
import { namedStream, uniformIndex } from "../../../coordinator/search/rng.ts";
import { cholesky, logDeterminant, solveLower, solveUpper } from "../../../coordinator/search/surrogate/cholesky.ts";
import { temperedWeights } from "../../../coordinator/search/surrogate/tempered-weights.ts";
import {
  agreements,
  agreementsNear,
  armLikeness,
  sampleTable,
} from "../../../coordinator/search/surrogate/agreement.ts";
import { orderedKernels, plainKernels, type ArmKernel } from "../../../coordinator/search/surrogate/arm-kernel.ts";
import { climb, type Judged } from "../../../coordinator/search/surrogate/climb.ts";
import { likeliestKernel, posterior } from "../../../coordinator/search/surrogate/gaussian-process.ts";
import { highestBounds } from "../../../coordinator/search/surrogate/highest-bound.ts";
import { interquartileRange } from "../../../coordinator/search/surrogate/interquartile-range.ts";
import { normalQuantile, normalScores } from "../../../coordinator/search/surrogate/normal-scores.ts";

describe("normal scores", () => {
  test("are the quantiles of the standard normal distribution", () => {
    const quantiles: readonly (readonly [number, number])[] = [
      [0.5, 0],
      [0.75, 0.674489750196],
      [0.9, 1.281551565545],
      [0.975, 1.95996398454],
      [0.99, 2.326347874041],
      [0.9999, 3.719016485456],
    ];
    for (const [probability, quantile] of quantiles) {
      expect(normalQuantile(probability)).toBeCloseTo(quantile, 7);
      expect(normalQuantile(1 - probability)).toBeCloseTo(-quantile, 7);
    }
    expect(Object.is(normalQuantile(0.5), 0)).toBe(true);
  });

  test("depend on ranks alone, and are equal for equal values", () => {
    const scores = normalScores([0.3, 0.1, 0.3, 0.9]);
    // u of the two in the middle: (1 + 2 / 2) / 4 * (1 - 1 / 5) + 0.5 / 5 = 0.5.
    expect(scores[0]).toBeCloseTo(0, 12);
    expect(scores[2]).toBe(scores[0]);
    expect(scores[1]).toBeCloseTo(normalQuantile(0.2), 12);
    expect(scores[3]).toBeCloseTo(normalQuantile(0.8), 12);
    expect(normalScores([3, 1, 3, 9_000])).toEqual(scores);
    expect(normalScores([7])).toEqual([0]);
  });
});

describe("tempered weights", () => {
  const stream = namedStream(1, "scores");
  const scores = Array.from({ length: 300 }, () => 4 * stream.uniform() - 2);

  test.each([2, 15, 100])("have an effective sample size of %d, whatever the scale of the scores", (size) => {
    const weights = temperedWeights(scores, size);
    expect(1 / weights.reduce((sum, weight) => sum + weight ** 2, 0)).toBeCloseTo(size, 9);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const scaled = temperedWeights(
      scores.map((score) => 1000 * score),
      size,
    );
    scaled.forEach((weight, index) => expect(weight).toBeCloseTo(weights[index]!, 6));
  });

  test("stand scores beyond any scale, and many that are alike", () => {
    const sampleSize = (weights: readonly number[]) => 1 / weights.reduce((sum, weight) => sum + weight ** 2, 0);
    const alike = Array.from({ length: 2000 }, (_, index) => (index < 10 ? -index / 7 : -1e6));
    expect(sampleSize(temperedWeights(alike, 4))).toBeCloseTo(4, 9);
    expect(
      sampleSize(
        temperedWeights(
          scores.map((score) => 1e-6 * score),
          15,
        ),
      ),
    ).toBeCloseTo(15, 6);
    expect(
      sampleSize(
        temperedWeights(
          scores.map((score) => 1e6 * score),
          299.99,
        ),
      ),
    ).toBeCloseTo(299.99, 6);
  });

  test("are uniform where no more scores are there than the size asks for", () => {
    expect(temperedWeights([1, 5, 2], 3)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  test("are those of the best alone where more of them are equal than the size asks for", () => {
    expect(temperedWeights([1, 5, 5, 5], 2)).toEqual([0, 1 / 3, 1 / 3, 1 / 3]);
    expect(temperedWeights([4, 4, 4], 2)).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });
});

test("the interquartile range is interpolated between neighbours", () => {
  expect(interquartileRange([4, 1, 3, 2])).toBeCloseTo(1.5, 12);
  expect(interquartileRange([5])).toBe(0);
});

/** The inverse and the determinant, by Gauss and Jordan with pivots. */
function invert(matrix: readonly (readonly number[])[]): { inverse: number[][]; determinant: number } {
  const size = matrix.length;
  const rows = matrix.map((row, index) => [...row, ...row.map((_, column) => (column === index ? 1 : 0))]);
  let determinant = 1;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    if (pivot !== column) determinant = -determinant;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const lead = rows[column]![column]!;
    determinant *= lead;
    rows[column] = rows[column]!.map((value) => value / lead);
    for (let row = 0; row < size; row++) {
      const factor = rows[row]![column]!;
      if (row !== column) rows[row] = rows[row]!.map((value, place) => value - factor * rows[column]![place]!);
    }
  }
  return { inverse: rows.map((row) => row.slice(size)), determinant };
}

const multiply = (matrix: readonly (readonly number[])[], vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, index) => sum + value * vector[index]!, 0));
const inner = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, value, index) => sum + value * right[index]!, 0);

describe("likeness and agreement", () => {
  test("is 1 for equal arms, and falls with their distance in the list as far as order counts", () => {
    expect(armLikeness(2, 2, 5, 0)).toBe(1);
    expect(armLikeness(0, 1, 5, 0)).toBe(0);
    expect(armLikeness(0, 1, 5, 0.8)).toBeCloseTo(0.6, 12);
    expect(armLikeness(4, 1, 5, 0.8)).toBeCloseTo(0.2, 12);
    expect(armLikeness(0, 4, 5, 0.8)).toBe(0);
    expect(armLikeness(0, 1, 2, 0.8)).toBe(0);
  });

  test("sums over the choices, for each sample of the table", () => {
    const table = sampleTable(samples, sizes);
    for (const order of [0, 0.5]) {
      const near = agreements(table, others[1]!, order);
      for (const { sums } of [agreements(table, others[0]!, order), agreementsNear(table, others[0]!, near, order)]) {
        samples.forEach((arms, index) => expect(sums[index]).toBeCloseTo(agreement(others[0]!, arms, order), 12));
      }
    }
    expect(agreements(sampleTable([], sizes), others[0]!, 0).sums).toEqual(new Float64Array());
  });
});

const sizes = [3, 3, 3, 4, 2, 3];
const stream = namedStream(2, "samples");
const sample = (): number[] => sizes.map((size) => uniformIndex(stream, size));
const samples = [...new Map(Array.from({ length: 25 }, sample).map((arms) => [arms.join(), arms] as const)).values()];
const targets = normalScores(samples.map((arms) => inner(arms, [5, 3, 2, 1, 1, 1]) + stream.uniform()));
const others = [...Array.from({ length: 10 }, sample), samples[0]!];

function agreement(left: readonly number[], right: readonly number[], order: number): number {
  return left.reduce((sum, arm, choice) => sum + armLikeness(arm, right[choice]!, sizes[choice]!, order), 0);
}

describe("the Gaussian process", () => {
  const kernels = [...plainKernels, ...orderedKernels(plainKernels[0]!)];

  test.each(kernels)("has the mean, deviation and likelihood of a direct inverse, with %o", (kernel) => {
    const covariance = (left: readonly number[], right: readonly number[]): number =>
      ((agreement(left, right, kernel.order) + kernel.offset) / (6 + kernel.offset)) ** kernel.degree;
    const gram = samples.map((left, row) =>
      samples.map((right, column) => covariance(left, right) + (row === column ? kernel.noise : 0)),
    );
    const { inverse, determinant } = invert(gram);
    const variance = inner(targets, multiply(inverse, targets)) / samples.length;
    const fitted = posterior(sampleTable(samples, sizes), targets, kernel);
    expect(fitted.variance / variance).toBeCloseTo(1, 8);
    expect(fitted.logLikelihood).toBeCloseTo(
      -0.5 * samples.length * Math.log(variance) - 0.5 * Math.log(determinant),
      6,
    );
    for (const other of others) {
      const row = samples.map((arms) => covariance(other, arms));
      const sums = fitted.agreements(other);
      expect(fitted.mean(sums)).toBeCloseTo(inner(row, multiply(inverse, targets)), 8);
      const rest = Math.max(0, 1 - inner(row, multiply(inverse, row)));
      expect(fitted.deviations([sums])[0]! ** 2).toBeCloseTo(variance * rest, 8);
    }
  });

  test("tells the mean after a change of one arm", () => {
    const fitted = posterior(sampleTable(samples, sizes), targets, orderedKernels(plainKernels[2]!)[1]!);
    const changed = others[0]!.with(3, (others[0]![3]! + 1) % 4);
    const from = others[0]![3]!;
    const [same, after] = fitted.meansAfter(fitted.agreements(others[0]!), 3, [from, changed[3]!]);
    expect(same).toBeCloseTo(fitted.mean(fitted.agreements(others[0]!)), 10);
    expect(after).toBeCloseTo(fitted.mean(fitted.agreements(changed)), 10);
  });

  test("gives the deviations of several samples at once", () => {
    const fitted = posterior(sampleTable(samples, sizes), targets, plainKernels[1]!);
    const rows = others.slice(0, 4).map((other) => fitted.agreements(other));
    expect(fitted.deviations(rows)).toEqual(rows.map((row) => fitted.deviations([row])[0]));
  });

  test("samples under way narrow the deviations and leave the means", () => {
    const kernel = plainKernels[5]!;
    const alone = posterior(sampleTable(samples, sizes), targets, kernel);
    const beside = posterior(sampleTable([...samples, others[0]!], sizes), targets, kernel);
    expect(beside.variance).toBeCloseTo(alone.variance, 10);
    expect(beside.logLikelihood).toBeCloseTo(alone.logLikelihood, 8);
    for (const other of others) {
      expect(beside.mean(beside.agreements(other))).toBeCloseTo(alone.mean(alone.agreements(other)), 10);
    }
    const deviation = (fitted: typeof alone): number => fitted.deviations([fitted.agreements(others[0]!)])[0]!;
    expect(deviation(beside)).toBeLessThan(0.5 * deviation(alone));
  });

  test("takes the kernel of the highest marginal likelihood, plain or of the same form with order", () => {
    const table = sampleTable(samples, sizes);
    const best = likeliestKernel(table, targets);
    const likelihood = (kernel: ArmKernel): number => posterior(table, targets, kernel).logLikelihood;
    const plain = plainKernels.reduce((most, kernel) => (likelihood(kernel) > likelihood(most) ? kernel : most));
    const tried = [plain, ...orderedKernels(plain)].map(likelihood);
    expect(likelihood(best)).toBeCloseTo(Math.max(...tried), 8);
  });

  test("finds order likely where neighbouring arms are alike, and far less likely where they are not", () => {
    const many = Array.from({ length: 60 }, () => Array.from({ length: 4 }, () => uniformIndex(stream, 8)));
    const table = sampleTable(many, [8, 8, 8, 8]);
    const smooth = normalScores(many.map((arms) => inner(arms, [4, 3, 2, 1])));
    const alternating = normalScores(
      many.map((arms) =>
        inner(
          arms.map((arm) => arm % 2),
          [4, 3, 2, 1],
        ),
      ),
    );
    const kernel = plainKernels[1]!;
    const gain = (values: readonly number[]): number =>
      posterior(table, values, { ...kernel, order: 0.8 }).logLikelihood -
      posterior(table, values, kernel).logLikelihood;
    expect(gain(smooth)).toBeGreaterThan(10);
    expect(gain(alternating)).toBeLessThan(gain(smooth) - 10);
    expect(likeliestKernel(table, smooth).order).toBeGreaterThan(0);
  });

  test("sees little noise in a sum over choices, and much in random targets", () => {
    const table = sampleTable(samples, sizes);
    expect(likeliestKernel(table, targets).noise).toBeLessThanOrEqual(0.1);
    const noise = normalScores(samples.map(() => stream.uniform()));
    expect(likeliestKernel(table, noise).noise).toBe(0.4);
  });

  test("stands targets that are all alike, and a single sample", () => {
    const zeros = samples.map(() => 0);
    const flat = posterior(sampleTable(samples, sizes), zeros, plainKernels[0]!);
    expect(flat.mean(flat.agreements(sample()))).toBe(0);
    const single = sampleTable([[0, 1]], [2, 2]);
    expect(Number.isFinite(posterior(single, [0], likeliestKernel(single, [0])).logLikelihood)).toBe(true);
  });
});

describe("a climb", () => {
  const fitted = posterior(sampleTable(samples, sizes), targets, plainKernels[1]!);
  const meanOf = (arms: readonly number[]): number => fitted.mean(fitted.agreements(arms));
  const rng = namedStream(5, "climb");
  const differences = (left: readonly number[], right: readonly number[]): number =>
    left.filter((arm, choice) => arm !== right[choice]).length;
  const neighbourCount = sizes.reduce((sum, size) => sum + size - 1, 0);

  test("goes up one choice at a time to a sample without a higher neighbour, and gives its neighbours", () => {
    const start = others[1]!;
    const found = climb(start, fitted, sizes, () => true, rng);
    const passed = found.slice(0, -neighbourCount);
    [start, ...passed.map(({ arms }) => arms)].reduce((from, to) => {
      expect(differences(from, to)).toBe(1);
      expect(meanOf(to)).toBeGreaterThan(meanOf(from));
      return to;
    });
    const top = passed.at(-1)!;
    for (const { arms, mean } of found.slice(-neighbourCount)) {
      expect(differences(arms, top.arms)).toBe(1);
      expect(mean).toBeCloseTo(meanOf(arms), 10);
      expect(mean).toBeLessThanOrEqual(top.mean);
    }
  });

  test("goes to acceptable samples only", () => {
    const found = climb(others[1]!, fitted, sizes, () => false, rng);
    expect(found).toHaveLength(neighbourCount);
  });

  test("looks at some of a choice's arms where there are thousands", () => {
    const table = sampleTable([[0], [9_999]], [10_000]);
    const found = climb([5], posterior(table, [1, -1], plainKernels[1]!), [10_000], () => true, rng);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(16 * 11);
  });
});

describe("the highest bounds", () => {
  const fitted = posterior(sampleTable(samples, sizes), targets, plainKernels[1]!);
  const pool = Array.from({ length: 200 }, sample).map((arms) => ({
    arms,
    mean: fitted.mean(fitted.agreements(arms)),
  }));
  const bound = ({ arms, mean }: Judged): number => mean + 1.25 * fitted.deviations([fitted.agreements(arms)])[0]!;

  test.each([1, 7, 200])("are those of a full sort, for %d candidates", (count) => {
    const full = pool
      .map(bound)
      .sort((left, right) => right - left)
      .slice(0, count);
    const chosen = highestBounds(pool, count, fitted, 1.25);
    const found = chosen.map((arms) => bound({ arms, mean: fitted.mean(fitted.agreements(arms)) }));
    expect(found).toHaveLength(full.length);
    found.forEach((value, place) => expect(value).toBeCloseTo(full[place]!, 10));
  });

  test("leave out what is not acceptable", () => {
    const chosen = highestBounds(pool, 5, fitted, 1.25, (arms) => arms[0] === 1);
    expect(chosen.map((arms) => arms[0])).toEqual([1, 1, 1, 1, 1]);
  });
});

test("a Cholesky factor solves both ways, whole or its leading part, and knows the determinant", () => {
  const rows = Float64Array.from([4, 0, 0, 2, 5, 0, 2, 3, 6]);
  const full = [
    [4, 2, 2],
    [2, 5, 3],
    [2, 3, 6],
  ];
  const factor = cholesky(3, rows);
  for (const count of [3, 2]) {
    const leading = full.slice(0, count).map((row) => row.slice(0, count));
    expect(logDeterminant(factor, count)).toBeCloseTo(Math.log(invert(leading).determinant), 12);
    const right = [1, 2, 3].slice(0, count);
    const solution = solveUpper(factor, solveLower(factor, right));
    multiply(leading, [...solution]).forEach((value, index) => expect(value).toBeCloseTo(right[index]!, 12));
  }
});
