import type { SupernetEvaluation } from "../../../network/evaluation.ts";
import type { Graph } from "../../../network/types.ts";
import type { EvaluationContext } from "../evaluator.ts";
import { slicesOf } from "./slices.ts";

type Values = Promise<readonly Float32Array[]>;

/** The weights of leases that wait, on their way or here. */
export class Prefetch {
  /** By the context of the lease, which goes with it. */
  private readonly begun = new WeakMap<EvaluationContext, Values>();

  /** Begins to fetch. Never throws: what goes wrong is told to `take`. */
  begin(graph: Graph, evaluation: SupernetEvaluation, context: EvaluationContext): void {
    const values = fetchSlices(graph, evaluation, context);
    // Whether anybody will ask for them is not known.
    values.catch(() => undefined);
    this.begun.set(context, values);
  }

  /** The slices of a lease, fetched now where they were not begun. */
  take(graph: Graph, evaluation: SupernetEvaluation, context: EvaluationContext): Values {
    const begun = this.begun.get(context);
    this.begun.delete(context);
    return begun ?? fetchSlices(graph, evaluation, context);
  }
}

async function fetchSlices(
  graph: Graph,
  { version, precision }: SupernetEvaluation,
  { weights }: EvaluationContext,
): Values {
  return weights.fetch({ version, slices: slicesOf(graph), precision });
}
