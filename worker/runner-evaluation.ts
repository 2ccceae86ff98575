import { failed, type Lease, type Result } from "./client/lease.ts";
import { reasonOf } from "./client/messages.ts";
import type { EvaluationContext, Evaluator } from "./evaluator/evaluator.ts";

/** Evaluates a lease's network. Never rejects: whatever goes wrong is a failure with a reason. */
export async function evaluate(
  lease: Lease,
  evaluators: readonly Evaluator[],
  context: EvaluationContext,
): Promise<Result> {
  const { network, evaluation } = lease;
  const evaluator = evaluators.find(({ name }) => name === evaluation.type);
  if (evaluator === undefined) return failed("internal", `this worker has no evaluator ${evaluation.type}`);
  try {
    return { type: "measured", measurement: await evaluator.evaluate(network, evaluation, context) };
  } catch (error) {
    return failed(reasonOf(error), error instanceof Error ? error.message : String(error));
  }
}
