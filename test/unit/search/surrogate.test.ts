import { describe, expect, test } from "@jest/globals";
import { namedStream, uniformIndex } from "../../../coordinator/search/rng.ts";
import { cholesky, logDeterminant, solveLower, solveUpper } from "../../../coordinator/search/surrogate/cholesky.ts";
import { effectiveSampleSize, temperedWeights } from "../../../coordinator/search/surrogate/effective-sample-size.ts";
import { likeliestKernel, posterior } from "../../../coordinator/search/surrogate/gaussian-process.ts";
import { interquartileRange } from "../../../coordinator/search/surrogate/interquartile-range.ts";
import { countMatches, kernelValues, matchKernels } from "../../../coordinator/search/surrogate/match-kernel.ts";
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
    expect(effectiveSampleSize(weights)).toBeCloseTo(size, 6);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const scaled = temperedWeights(
      scores.map((score) => 1000 * score),
      size,
    );
    scaled.forEach((weight, index) => expect(weight).toBeCloseTo(weights[index]!, 6));
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

describe("the Gaussian process", () => {
  const stream = namedStream(2, "samples");
  const sample = (): number[] => Array.from({ length: 6 }, () => uniformIndex(stream, 3));
  const samples = [...new Map(Array.from({ length: 25 }, sample).map((arms) => [arms.join(), arms] as const)).values()];
  const targets = normalScores(samples.map((arms) => inner(arms, [5, 3, 2, 1, 1, 1]) + stream.uniform()));

  test.each(matchKernels)("has the mean, deviation and likelihood of a direct inverse, with %o", (kernel) => {
    const covariance = (left: readonly number[], right: readonly number[]): number => {
      const matches = left.filter((arm, choice) => arm === right[choice]).length;
      return ((matches + kernel.offset) / (6 + kernel.offset)) ** kernel.degree;
    };
    const gram = samples.map((left, row) =>
      samples.map((right, column) => covariance(left, right) + (row === column ? kernel.noise : 0)),
    );
    const { inverse, determinant } = invert(gram);
    const variance = inner(targets, multiply(inverse, targets)) / samples.length;
    const fitted = posterior(samples, targets, kernel);
    expect(fitted.variance / variance).toBeCloseTo(1, 8);
    expect(fitted.logLikelihood).toBeCloseTo(
      -0.5 * samples.length * Math.log(variance) - 0.5 * Math.log(determinant),
      6,
    );
    const others = [...Array.from({ length: 10 }, sample), samples[0]!];
    for (const [index, { mean, deviation }] of fitted.predict(others).entries()) {
      const row = samples.map((arms) => covariance(others[index]!, arms));
      expect(mean).toBeCloseTo(inner(row, multiply(inverse, targets)), 8);
      const rest = Math.max(0, 1 - inner(row, multiply(inverse, row)));
      expect(deviation ** 2).toBeCloseTo(variance * rest, 8);
    }
  });

  test("takes the kernel of the highest marginal likelihood", () => {
    const best = likeliestKernel(samples, targets);
    const likelihoods = matchKernels.map((kernel) => posterior(samples, targets, kernel).logLikelihood);
    expect(posterior(samples, targets, best).logLikelihood).toBe(Math.max(...likelihoods));
  });

  test("sees little noise in a sum over choices, and much in random targets", () => {
    expect(likeliestKernel(samples, targets).noise).toBeLessThanOrEqual(0.1);
    const noise = normalScores(samples.map(() => stream.uniform()));
    expect(likeliestKernel(samples, noise).noise).toBe(0.4);
  });

  test("stands targets that are all alike, and a single sample", () => {
    const flat = posterior(
      samples,
      samples.map(() => 0),
      matchKernels[0]!,
    );
    expect(flat.predict([sample()])).toEqual([{ mean: 0, deviation: expect.any(Number) }]);
    expect(Number.isFinite(posterior([[0, 1]], [0], likeliestKernel([[0, 1]], [0])).logLikelihood)).toBe(true);
  });

  test("counts the choices in which samples agree", () => {
    expect(countMatches([[0, 1, 2]], samples.slice(0, 0))).toEqual([new Uint16Array()]);
    const [row] = countMatches(
      [[0, 1, 2]],
      [
        [0, 1, 2],
        [0, 2, 2],
        [1, 2, 0],
      ],
    );
    expect([...row!]).toEqual([3, 2, 0]);
    expect([...kernelValues({ degree: 2, offset: 2, noise: 0 }, 2)]).toEqual([0.25, 0.5625, 1]);
  });
});

test("a Cholesky factor solves both ways and knows the determinant", () => {
  const rows = Float64Array.from([4, 0, 0, 2, 5, 0, 2, 3, 6]);
  const full = [
    [4, 2, 2],
    [2, 5, 3],
    [2, 3, 6],
  ];
  const factor = cholesky(3, rows);
  expect(logDeterminant(factor)).toBeCloseTo(Math.log(invert(full).determinant), 12);
  const solution = solveUpper(factor, solveLower(factor, [1, 2, 3]));
  multiply(full, [...solution]).forEach((value, index) => expect(value).toBeCloseTo(index + 1, 12));
});
