import type { Evaluation } from "../../../network/evaluation.ts";
import type { FailureReason, Measurement } from "../../../network/measurement.ts";
import type { Network } from "../../../network/types.ts";
import { EvaluationError, type EvaluationContext, type Evaluator } from "../../../worker/evaluator/evaluator.ts";
import { createTabularEvaluator } from "../../../worker/evaluator/tabular.ts";
import type { Dice } from "../world/dice.ts";
import type { SimProcess } from "../world/process.ts";
import { table } from "./jobs.ts";
import type { Troubles } from "./troubles.ts";

/** By this figure of its measurement an evaluation is told from every other. */
export const nonceName = "evaluation";

/** Failures of evaluations that do not lie in the network. */
const passing: readonly FailureReason[] = ["internal", "out_of_memory", "data_unavailable"];

/** Reads each table once, for all processes of all worlds: they all fetch it, and all find the same in it. */
const tabular = createTabularEvaluator();

/** What is the same for all evaluators of a world. */
export interface Laboratory {
  readonly dice: Dice;
  readonly troubles: Troubles;
  readonly meanMs: number;
  /** Counts evaluations. */
  nextNonce(): number;
  /** Whether a network kills every process that evaluates it. */
  isPoison(arms: readonly number[]): boolean;
}

/** Looks networks up as any worker does, and takes its time for it; sometimes it fails, hangs, or takes its process with it. */
export function createSimEvaluator(lab: Laboratory, process: SimProcess, crash: () => void): Evaluator {
  const { dice, troubles } = lab;
  return {
    name: "tabular",
    async evaluate(network: Network, evaluation: Evaluation, context: EvaluationContext): Promise<Measurement> {
      if (network.type === "tableRow") await context.fetchFile(network.tableSha256);
      const measurement = await tabular.evaluate(network, evaluation, {
        ...context,
        fetchFile: () => Promise.resolve(table),
      });
      const nonce = lab.nextNonce();
      const isHanging = troubles.has("evaluationsHang") && dice.chance(0.01);
      const isPoisoned = network.type === "tableRow" && lab.isPoison(network.arms);
      const isDeadly = isPoisoned || (troubles.has("evaluationsKill") && dice.chance(0.02));
      const failure = troubles.has("evaluationsFail") && dice.chance(0.04) ? dice.pick(passing) : null;
      const delayMs = isHanging ? dice.whole(60_000, 200_000) : dice.wait(lab.meanMs);
      return await new Promise((resolve, reject) => {
        const timer = process.after(delayMs, () => {
          if (isDeadly) crash();
          else if (failure !== null) reject(new EvaluationError(failure, `evaluation ${nonce} failed`));
          else resolve({ ...measurement, extra: { [nonceName]: nonce } });
        });
        if (isHanging) return;
        const abort = (): void => {
          timer.cancel();
          process.after(10, () => reject(new Error("aborted")));
        };
        if (context.signal.aborted) abort();
        else context.signal.addEventListener("abort", abort, { once: true });
      });
    },
  };
}
