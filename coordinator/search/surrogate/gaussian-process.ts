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
import { countMatches, kernelValues, matchKernels, type MatchKernel } from "./match-kernel.ts";

/** Variance that is taken where the targets are all 0, so that standard deviations stay comparable. */
const leastVariance = 1e-12;

/** What a Gaussian process says of one sample. */
export interface Prediction {
  readonly mean: number;
  /** Of the noiseless function. */
  readonly deviation: number;
}

/** A Gaussian process with mean 0, conditioned on observed samples. */
export interface Posterior {
  /** The process's variance by maximum likelihood: y'(K + zI)⁻¹y / n. */
  readonly variance: number;
  /** ln of the marginal likelihood with the variance profiled out, up to a constant: -n/2 ln s² - ½ ln |K + zI|. */
  readonly logLikelihood: number;
  predict(samples: readonly (readonly number[])[]): Prediction[];
}

/**
 * Conditions the process on targets observed at distinct samples.
 * @param targets one for each sample, at least one.
 */
export function posterior(
  samples: readonly (readonly number[])[],
  targets: readonly number[],
  kernel: MatchKernel,
): Posterior {
  return condition(samples, countMatches(samples, samples), targets, kernel);
}

/** The kernel of highest marginal likelihood for these observations (empirical Bayes): one factorization for each. */
export function likeliestKernel(samples: readonly (readonly number[])[], targets: readonly number[]): MatchKernel {
  const matches = countMatches(samples, samples);
  let best = { kernel: matchKernels[0] as MatchKernel, logLikelihood: -Infinity };
  for (const kernel of matchKernels) {
    const { logLikelihood } = condition(samples, matches, targets, kernel);
    if (logLikelihood > best.logLikelihood) best = { kernel, logLikelihood };
  }
  return best.kernel;
}

function condition(
  samples: readonly (readonly number[])[],
  matches: readonly Uint16Array[],
  targets: readonly number[],
  kernel: MatchKernel,
): Posterior {
  const values = kernelValues(kernel, samples[0]?.length ?? 0);
  const factor = factorOf(matches, values, kernel.noise);
  const count = samples.length;
  const whitened = solveLower(factor, targets);
  const variance = Math.max(leastVariance, dot(whitened, 0, whitened, 0, count) / count);
  return {
    variance,
    logLikelihood: -0.5 * (count * Math.log(variance) + logDeterminant(factor)),
    predict(others) {
      const weights = solveUpper(factor, whitened);
      const matchesOfOthers = countMatches(others, samples);
      const sides = new Float64Array(count * lanes);
      const predictions: Prediction[] = [];
      for (let first = 0; first < others.length; first += lanes) {
        const rows = matchesOfOthers.slice(first, first + lanes);
        const covariances = rows.map((row) => Float64Array.from(row, (match) => values[match] ?? 0));
        covariances.forEach((row, lane) => row.forEach((value, index) => (sides[index * lanes + lane] = value)));
        solveLowerLanes(factor, sides);
        covariances.forEach((row, lane) => {
          let explained = 0;
          for (let place = lane; place < sides.length; place += lanes) explained += (sides[place] ?? 0) ** 2;
          predictions.push({
            mean: dot(row, 0, weights, 0, count),
            deviation: Math.sqrt(variance * Math.max(0, 1 - explained)),
          });
        });
      }
      return predictions;
    },
  };
}

/** Factors K + zI. */
function factorOf(matches: readonly Uint16Array[], values: Float64Array, noise: number): Factor {
  const size = matches.length;
  const rows = new Float64Array(size * size);
  matches.forEach((row, index) => {
    for (let column = 0; column <= index; column++) rows[index * size + column] = values[row[column] ?? 0] ?? 0;
    rows[index * size + index] = 1 + noise;
  });
  return cholesky(size, rows);
}
