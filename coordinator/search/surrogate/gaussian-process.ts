import { agreements, agreementsNear, likenessGains, type Agreements, type SampleTable } from "./agreement.ts";
import { kernelValue, orderedKernels, plainKernels, type ArmKernel } from "./arm-kernel.ts";
import {
  cholesky,
  dot,
  lanes,
  logDeterminant,
  solveLower,
  solveLowerLanes,
  solveUpper,
  type Factor,
} from "./cholesky.ts";

/** Variance that is taken where the targets are all 0, so that standard deviations stay comparable. */
const leastVariance = 1e-12;

/** A Gaussian process with mean 0, conditioned on observed samples. What it is asked of, it is told by agreements with these. */
export interface Posterior {
  /** The process's variance by maximum likelihood: y'(K + zI)⁻¹y / n. */
  readonly variance: number;
  /** ln of the marginal likelihood with the variance profiled out, up to a constant: -n/2 ln s² - ½ ln |K + zI|. */
  readonly logLikelihood: number;
  /** How far a sample agrees with each observed one; quickly, where the agreements of one like it are known. */
  agreements(sample: readonly number[], near?: Agreements): Agreements;
  mean(agreements: Agreements): number;
  /** The means of the sample with these agreements, were its arm of one choice each of `others`. */
  meansAfter(agreements: Agreements, choice: number, others: readonly number[]): number[];
  /** Standard deviations of the noiseless function, for `lanes` samples at most. */
  deviations(agreements: readonly Agreements[]): number[];
}

/**
 * Conditions the process on targets observed at distinct samples. Samples beyond the targets' number are under way: what
 * they will show narrows the deviations, and leaves the means as they are.
 * @param targets of the first samples of the table, at least one.
 */
export function posterior(table: SampleTable, targets: readonly number[], kernel: ArmKernel): Posterior {
  const { count, sizes } = table;
  const choices = sizes.length;
  const observed = targets.length;
  const { factor, whitened, variance, logLikelihood } = condition(
    agreementMatrix(table, kernel.order),
    table,
    targets,
    kernel,
  );
  const weights = solveUpper(factor, whitened);
  return {
    variance,
    logLikelihood,
    agreements: (sample, near) =>
      near === undefined ? agreements(table, sample, kernel.order) : agreementsNear(table, sample, near, kernel.order),
    mean({ sums }) {
      let sum = 0;
      for (let index = 0; index < observed; index++)
        sum += (weights[index] as number) * kernelValue(kernel, sums[index] as number, choices);
      return sum;
    },
    meansAfter({ sample, sums }, choice, others) {
      const from = sample[choice] ?? 0;
      return others.map((other) => {
        const gains = likenessGains(table, choice, from, other, kernel.order);
        let sum = 0;
        for (let index = 0; index < observed; index++) {
          const agreement = (sums[index] as number) + (gains[index] as number);
          sum += (weights[index] as number) * kernelValue(kernel, agreement, choices);
        }
        return sum;
      });
    },
    deviations(rows) {
      const sides = new Float64Array(count * lanes);
      rows.forEach(({ sums }, lane) => {
        for (let index = 0; index < count; index++)
          sides[index * lanes + lane] = kernelValue(kernel, sums[index] as number, choices);
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
      const fitted = { kernel, logLikelihood: condition(known, table, targets, kernel).logLikelihood };
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

interface Conditioned {
  /** Of K + zI, over all of the table. */
  readonly factor: Factor;
  /** L⁻¹y, over the observed samples. */
  readonly whitened: Float64Array;
  readonly variance: number;
  readonly logLikelihood: number;
}

function condition(
  matrix: Float64Array,
  { count, sizes }: SampleTable,
  targets: readonly number[],
  kernel: ArmKernel,
): Conditioned {
  const factor = cholesky(count, gramMatrix(matrix, count, sizes.length, kernel));
  const observed = targets.length;
  const whitened = solveLower(factor, targets);
  const variance = Math.max(leastVariance, dot(whitened, 0, whitened, 0, observed) / observed);
  const logLikelihood = -0.5 * (observed * Math.log(variance) + logDeterminant(factor, observed));
  return { factor, whitened, variance, logLikelihood };
}

/** Agreements of the table's samples among themselves; the lower triangle of a square. */
function agreementMatrix(table: SampleTable, order: number): Float64Array {
  const { count, sizes, arms } = table;
  const matrix = new Float64Array(count * count);
  let before: Agreements | undefined;
  for (let index = 0; index < count; index++) {
    const sample = sizes.map((_, choice) => arms[choice * count + index] as number);
    // Results that follow each other are alike once a search has learned something.
    before = before === undefined ? agreements(table, sample, order) : agreementsNear(table, sample, before, order);
    matrix.set(before.sums.subarray(0, index + 1), index * count);
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
