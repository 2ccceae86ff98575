import type { Evaluation } from "../../../network/evaluation.ts";
import type { FailureReason, Measurement } from "../../../network/measurement.ts";
import type { Network } from "../../../network/types.ts";
import { EvaluationError, type EvaluationContext, type Evaluator } from "../../../worker/evaluator/evaluator.ts";
import { Prefetch } from "../../../worker/evaluator/supernet/prefetch.ts";
import { slicesOf } from "../../../worker/evaluator/supernet/slices.ts";
import { createTabularEvaluator } from "../../../worker/evaluator/tabular.ts";
import type { Dice } from "../world/dice.ts";
import type { SimProcess } from "../world/process.ts";
import { table } from "./jobs.ts";
import { evaluateDraw } from "./supernet-draw.ts";
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
  return {
    name: "tabular",
    async evaluate(network: Network, evaluation: Evaluation, context: EvaluationContext): Promise<Measurement> {
      if (network.type === "tableRow") await context.fetchFile(network.tableSha256);
      const measurement = await tabular.evaluate(network, evaluation, {
        ...context,
        fetchFile: () => Promise.resolve(table),
      });
      const isPoisoned = network.type === "tableRow" && lab.isPoison(network.arms);
      return await takeTime(lab, process, crash, isPoisoned, measurement, context);
    },
  };
}

/** Scores and trains draws of a supernet in the same way: what it fetches and puts goes the worker's own way. */
export function createSimSupernetEvaluator(lab: Laboratory, process: SimProcess, crash: () => void): Evaluator {
  const prefetch = new Prefetch();
  return {
    name: "supernet",
    prepare(network, evaluation, context) {
      if (network.type === "graph" && evaluation.type === "supernet") prefetch.begin(network, evaluation, context);
    },
    async evaluate(network, evaluation, context) {
      if (network.type !== "graph" || evaluation.type !== "supernet") throw new Error("this is no draw of a supernet");
      const values = await context.wait(prefetch.take(network, evaluation, context));
      const weight = values[0]?.[0] ?? NaN;
      if (values.some((slice) => slice.some((number) => number !== weight))) throw new Error("weights are mixed up");
      const { measurement, changes } = evaluateDraw(network, evaluation, weight);
      const measured = await takeTime(lab, process, crash, false, measurement, context);
      if (changes === null) return measured;
      context.computed();
      const { version, precision } = evaluation;
      const update = await context.weights.put({ version, slices: slicesOf(network), precision, values: changes });
      return { ...measured, update };
    },
  };
}

/** Resolves with the measurement, told from every other by its number, after a while; or another thing befalls. */
async function takeTime(
  lab: Laboratory,
  process: SimProcess,
  crash: () => void,
  isPoisoned: boolean,
  measurement: Measurement,
  context: EvaluationContext,
): Promise<Measurement> {
  const { dice, troubles } = lab;
  const nonce = lab.nextNonce();
  const isHanging = troubles.has("evaluationsHang") && dice.chance(0.01);
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
}
