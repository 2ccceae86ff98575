/** Adam's settings; the step size is in logits. */
export interface AdamSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
}

/** Moments of the gradients, shaped like the parameters: a row a slot. Plain JSON. */
export interface AdamState {
  readonly steps: number;
  readonly first: readonly (readonly number[])[];
  readonly second: readonly (readonly number[])[];
}

const epsilon = 1e-8;

/** Moments of zero for parameters of this shape. */
export function initAdam(parameters: readonly (readonly number[])[]): AdamState {
  const zeros = parameters.map((row) => row.map(() => 0));
  return { steps: 0, first: zeros, second: zeros };
}

/** One descent step with bias-corrected moments (Adam, arXiv 1412.6980, algorithm 1). Nothing is changed in place. */
export function adamStep(
  parameters: readonly (readonly number[])[],
  gradient: readonly (readonly number[])[],
  state: AdamState,
  settings: AdamSettings,
): readonly [parameters: readonly (readonly number[])[], state: AdamState] {
  const { learningRate, beta1, beta2 } = settings;
  const steps = state.steps + 1;
  const first = blend(state.first, gradient, beta1, (slope) => slope);
  const second = blend(state.second, gradient, beta2, (slope) => slope * slope);
  const firstScale = 1 / (1 - beta1 ** steps);
  const secondScale = 1 / (1 - beta2 ** steps);
  const moved = parameters.map((row, slot) =>
    row.map((value, arm) => {
      const mean = (first[slot]?.[arm] ?? 0) * firstScale;
      const square = (second[slot]?.[arm] ?? 0) * secondScale;
      return value - (learningRate * mean) / (Math.sqrt(square) + epsilon);
    }),
  );
  return [moved, { steps, first, second }];
}

/** Exponential moving average; adding 0 turns -0 into 0, which JSON would not keep. */
function blend(
  moments: readonly (readonly number[])[],
  gradient: readonly (readonly number[])[],
  decay: number,
  power: (slope: number) => number,
): number[][] {
  return gradient.map((row, slot) =>
    row.map((slope, arm) => decay * (moments[slot]?.[arm] ?? 0) + (1 - decay) * power(slope) + 0),
  );
}
