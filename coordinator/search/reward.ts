import type { Cost } from "../../network/types.ts";
import type { CostSpec, Excess } from "./types.ts";

/** What a draw is scored by. */
export interface Score {
  /** What the network is worth: its accuracy (a fraction), or in a supernet its mean log-likelihood of a validation example, in nats. */
  readonly merit: number;
  /** Sum of the cost hinges; 0 where every target is met or none is set. */
  readonly hinge: number;
}

/**
 * Sum over the targets of max(0, cost / target - 1) (FP-NAS section 3: no penalty under the target); 0 without a target.
 * Undefined where a figure with a target is not known: such a network can be neither rewarded nor chosen.
 */
export function hinge(cost: Partial<Cost> | undefined, spec: CostSpec | null): number | undefined {
  const macs = excess(cost?.macs, spec?.macs);
  const params = excess(cost?.params, spec?.params);
  return macs === undefined || params === undefined ? undefined : macs + params;
}

/** The hinge of each target on its own; null where the figure is not known. */
export function excesses(cost: Partial<Cost> | undefined, spec: CostSpec): Excess {
  return {
    ...(spec.macs !== undefined && { macs: excess(cost?.macs, spec.macs) ?? null }),
    ...(spec.params !== undefined && { params: excess(cost?.params, spec.params) ?? null }),
  };
}

/** What is learned from: merit - β · hinge. The hinge is exact, never learned. */
export function reward(score: Score, beta: number): number {
  return score.merit - beta * score.hinge;
}

function excess(figure: number | undefined, target: number | undefined): number | undefined {
  if (target === undefined) return 0;
  return figure === undefined ? undefined : Math.max(0, figure / target - 1);
}
