/**
 * Kernels beyond tfjs's own that a backend may bring: whole layers' worth of work in one call. The model uses one where the backend has it
 * registered under its name, and composes the same from tfjs's operations where not.
 */
export const fusedKernels = {
  /**
   * {x, gamma, beta}, {epsilon, activation} -> [y, mean, variance, ...kept]: batch normalization by the batch's own statistics (variance
   * over n), and what the backend wants kept for its gradient.
   */
  batchNormTrain: "FpnasBatchNormTrain",
  /** {x, dy, gamma, mean, variance, kept0, kept1, ..}, {epsilon, activation} -> [dx, dgamma, dbeta]. */
  batchNormGradient: "FpnasBatchNormGradient",
  /** {x, scale, shift}, {activation} -> activation(x * scale + shift), scale and shift per channel. */
  scaleShift: "FpnasScaleShift",
  /** {x: [n, h, w, c], gate: [n, 1, 1, c]} -> x * gate. */
  gate: "FpnasGate",
  /** {x, gate, dy} -> [dx, dgate]. */
  gateGradient: "FpnasGateGradient",
  /** {values: [n, 1, 1, c]}, {height, width} -> [n, h, w, c], the value at every position. */
  spread: "FpnasSpread",
  /** {weights, velocity, gradient}, {learningRate, momentum, decay} -> [weights, velocity] after one step. */
  momentumStep: "FpnasMomentumStep",
} as const;
