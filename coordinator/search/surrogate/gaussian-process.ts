import { addLikeness, agreements, type SampleTable } from "./agreement.ts";
import { kernelValue, orderedKernels, plainKernels, type ArmKernel } from "./arm-kernel.ts";
import { cholesky, dot, lanes, logDeterminant, solveLower, solveLowerLanes, solveUpper } from "./cholesky.ts";

/** Variance that is taken where the targets are all 0, so that standard deviations stay comparable. */
const leastVariance = 1e-12;

/** A Gaussian process with mean 0, conditioned on observed samples. What it is asked of, it is told by agreements with these. */
export interface Posterior {
  /** The process's variance by maximum likelihood: y'(K + zI)⁻¹y / n. */
  readonly variance: number;
  /** ln of the marginal likelihood with the variance profiled out, up to a constant: -n/2 ln s² - ½ ln |K + zI|. */
  readonly logLikelihood: number;
  /** How far a sample agrees with each observed one. */
  agreements(sample: readonly number[]): Float64Array;
  mean(agreements: Float64Array): number;
  /** The mean of the sample with these agreements, were its arm of one choice another. */
  meanAfter(agreements: Float64Array, choice: number, from: number, to: number): number;
  /** Standard deviations of the noiseless function, for `lanes` samples at most. */
  deviations(agreements: readonly Float64Array[]): number[];
}

/**
 * Conditions the process on targets observed at distinct samples. Samples beyond the targets' number are under way: what
 * they will show narrows the deviations, and leaves the means as they are.
 * @param targets of the first samples of the table, at least one.
 */
export function posterior(table: SampleTable, targets: readonly number[], kernel: ArmKernel): Posterior {
  const { count, sizes } = table;
  const choices = sizes.length;
  const factor = cholesky(count, gramMatrix(agreementMatrix(table, kernel.order), count, choices, kernel));
  const observed = targets.length;
  const whitened = solveLower(factor, targets);
  const weights = solveUpper(factor, whitened);
  const variance = Math.max(leastVariance, dot(whitened, 0, whitened, 0, observed) / observed);
  const mean = (sums: Float64Array): number => {
    let sum = 0;
    for (let index = 0; index < observed; index++)
      sum += (weights[index] as number) * kernelValue(kernel, sums[index] as number, choices);
    return sum;
  };
  return {
    variance,
    logLikelihood: logLikelihood(observed, variance, logDeterminant(factor, observed)),
    agreements: (sample) => agreements(table, sample, kernel.order),
    mean,
    meanAfter(sums, choice, from, to) {
      const changed = sums.slice();
      addLikeness(changed, table, choice, from, kernel.order, -1);
      addLikeness(changed, table, choice, to, kernel.order, 1);
      return mean(changed);
    },
    deviations(rows) {
      const sides = new Float64Array(count * lanes);
      rows.forEach((row, lane) => {
        row.forEach((sum, index) => (sides[index * lanes + lane] = kernelValue(kernel, sum, choices)));
      });
      solveLowerLanes(factor, sides);
      return rows.map((_, lane) => {
        let explained = 0;
        for (let place = lane; place < sides.length; place += lanes) explained += (sides[place] ?? 0) ** 2;
        return Math.sqrt(variance * Math.max(0, 1 - explained));
      });
    },
  };
}

/**
 * The kernel of highest marginal likelihood for these observations (empirical Bayes), of equals the first: without order
 * among the arms, then the likeliest of these with order.
 */
export function likeliestKernel(table: SampleTable, targets: readonly number[]): ArmKernel {
  const likeliest = (kernels: readonly ArmKernel[]): Fitted => {
    const matrices = new Map<number, Float64Array>();
    let best: Fitted = { kernel: kernels[0] as ArmKernel, logLikelihood: -Infinity };
    for (const kernel of kernels) {
      const known = matrices.get(kernel.order) ?? agreementMatrix(table, kernel.order);
      matrices.set(kernel.order, known);
      const fitted = { kernel, logLikelihood: likelihoodOf(known, table, targets, kernel) };
      if (fitted.logLikelihood > best.logLikelihood) best = fitted;
    }
    return best;
  };
  const plain = likeliest(plainKernels);
  const ordered = likeliest(orderedKernels(plain.kernel));
  return ordered.logLikelihood > plain.logLikelihood ? ordered.kernel : plain.kernel;
}

interface Fitted {
  readonly kernel: ArmKernel;
  readonly logLikelihood: number;
}

function likelihoodOf(
  matrix: Float64Array,
  { count, sizes }: SampleTable,
  targets: readonly number[],
  kernel: ArmKernel,
): number {
  const factor = cholesky(count, gramMatrix(matrix, count, sizes.length, kernel));
  const whitened = solveLower(factor, targets);
  const variance = Math.max(leastVariance, dot(whitened, 0, whitened, 0, count) / count);
  return logLikelihood(count, variance, logDeterminant(factor, count));
}

function logLikelihood(count: number, variance: number, determinant: number): number {
  return -0.5 * (count * Math.log(variance) + determinant);
}

/** Agreements of the table's samples among themselves; the lower triangle of a square. */
function agreementMatrix(table: SampleTable, order: number): Float64Array {
  const { count, sizes, arms } = table;
  const matrix = new Float64Array(count * count);
  for (let index = 0; index < count; index++) {
    const sample = sizes.map((_, choice) => arms[choice * count + index] as number);
    matrix.set(agreements(table, sample, order).subarray(0, index + 1), index * count);
  }
  return matrix;
}

/** K + zI; the lower triangle. */
function gramMatrix(matrix: Float64Array, count: number, choices: number, kernel: ArmKernel): Float64Array {
  const gram = new Float64Array(count * count);
  for (let row = 0; row < count; row++) {
    const start = row * count;
    for (let place = start; place < start + row; place++)
      gram[place] = kernelValue(kernel, matrix[place] as number, choices);
    gram[start + row] = 1 + kernel.noise;
  }
  return gram;
}
