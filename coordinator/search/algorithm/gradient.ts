import { sampler, uniformDistribution, type Distribution } from "../distribution.ts";
import type { Estimator } from "../estimator/estimator.ts";
import { logitGradient, type WeightedDraw } from "../estimator/gradient.ts";
import { adamStep, initAdam, type AdamSettings, type AdamState } from "../optimizer/adam.ts";
import type { Rng } from "../rng.ts";
import type { StageSpec } from "../types.ts";
import type { Algorithm, Problem, ScoredDraw } from "./algorithm.ts";
import { inSlots } from "./mixture.ts";

/** State of an algorithm that descends a gradient on the logits. */
export interface GradientState {
  readonly distribution: Distribution;
  readonly adam: AdamState;
}

/** The parts by which the gradient algorithms differ. */
export interface GradientParts {
  readonly roundSize: (entropy: number) => number;
  readonly estimator: Estimator;
  readonly temperature: number;
  readonly adam: AdamSettings;
}

/** A single draw has weight 1 whatever its likelihood. */
const fewestMeasured = 2;

/**
 * The loop that FP-NAS and PARSEC share: draw from the distribution, weigh the draws, take one Adam step on the logits.
 * A round with fewer than two measured draws teaches nothing.
 */
export function gradientAlgorithm(parts: GradientParts, problem: Problem): Algorithm<GradientState> {
  return {
    converges: true,
    leastDraws: fewestMeasured,
    init: () => withFreshMoments(uniformDistribution(problem.choices)),
    roundSize: parts.roundSize,
    draw: (state, count, stream) => drawAll(state.distribution, count, stream),
    update(state, draws) {
      const weighted = weigh(draws, parts, problem.beta);
      return weighted.length < fewestMeasured ? state : descend(state, weighted, parts.adam);
    },
    distribution: (state) => state.distribution,
    enterStage: (state, slots) => enterGradientStage(state, slots, problem),
  };
}

/** Independent draws from the distribution, each from its own stream. */
export function drawAll(distribution: Distribution, count: number, stream: (draw: number) => Rng): number[][] {
  const sample = sampler(distribution);
  return Array.from({ length: count }, (_, draw) => sample(stream(draw)));
}

/** The state with its slots as a stage wants them; where they change, Adam's moments begin anew. */
export function enterGradientStage<State extends GradientState>(
  state: State,
  slots: StageSpec["slots"],
  problem: Problem,
): State {
  const distribution = inSlots(state.distribution, slots, problem);
  return distribution === state.distribution ? state : { ...state, ...withFreshMoments(distribution) };
}

/** The start of a descent from this distribution. */
export function withFreshMoments(distribution: Distribution): GradientState {
  return { distribution, adam: initAdam(distribution.slots.map((slot) => slot.logits)) };
}

/** Failed draws have weight 0: the others are weighed among themselves. */
function weigh(draws: readonly ScoredDraw[], parts: GradientParts, beta: number): WeightedDraw[] {
  const measured = draws.flatMap(({ arms, score }) => (score === null ? [] : [{ arms, score }]));
  if (measured.length === 0) return [];
  const scores = measured.map(({ score }) => score);
  const multipliers = parts.estimator.multipliers(scores, { temperature: parts.temperature, beta });
  return measured.map(({ arms }, draw) => ({ arms, multiplier: multipliers[draw] ?? 0 }));
}

/** One Adam step along the gradient estimate of the weighted draws (estimator/gradient.ts). */
export function descend(state: GradientState, draws: readonly WeightedDraw[], settings: AdamSettings): GradientState {
  const { slots } = state.distribution;
  const gradient = logitGradient(state.distribution, draws);
  const [logits, adam] = adamStep(
    slots.map((slot) => slot.logits),
    gradient,
    state.adam,
    settings,
  );
  return { distribution: { slots: slots.map((slot, index) => ({ ...slot, logits: logits[index] ?? [] })) }, adam };
}
