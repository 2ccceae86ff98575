import { encodeNetwork } from "../../../network/codec.ts";
import { networkCost } from "../../../network/cost.ts";
import type { CommandEvaluation } from "../../../network/evaluation.ts";
import type { Graph } from "../../../network/types.ts";

/** What a program reads from its standard input (docs/spec.md, Programs): one line of JSON. */
export function programInput(graph: Graph, evaluation: CommandEvaluation, trial: string): string {
  const { part, steps = null, seed } = evaluation;
  const { macs, params } = networkCost(graph);
  return `${JSON.stringify({ network: encodeNetwork(graph), macs, params, part, steps, seed, trial })}\n`;
}
