import { commandText } from "../../../spec/command-text.ts";
import type { FinalComparison } from "../../../spec/result.ts";
import type { JobSpec } from "../../../spec/types.ts";
import type { Excess } from "../../search/types.ts";
import { meetsTarget, type ReportContext } from "./context.ts";
import { formatCount, formatInteger, formatPercent, formatRoundCount, joinWords } from "./format.ts";

/** The result in one sentence, whichever way it fell. */
export function resultSentence({ input: { result }, spec }: ReportContext): string {
  const cost = costWords(result);
  const found = cost === "" ? "The network found" : `The network found (${cost})`;
  if (result.final !== undefined) {
    const others = comparisonWords(result.comparisons ?? []);
    const beside = others.length === 0 ? "" : `; trained alike, ${joinWords(others)}`;
    return `${found} classifies ${formatPercent(result.final.accuracy)} of the test examples right after ${formatInteger(result.final.steps)} training steps${beside}.`;
  }
  const target = spec.search.cost === null ? "" : targetWords(spec, result);
  return `${found} is the best of ${formatInteger(result.uniqueNetworks ?? result.supernet?.finalists.length ?? 0)} evaluated: accuracy ${formatPercent(result.measurement.accuracy)}${target}.`;
}

/** The networks trained beside the found one: several of a kind by their mean. */
function comparisonWords(comparisons: readonly FinalComparison[]): readonly string[] {
  return (["random", "largest"] as const).flatMap((role) => {
    const accuracies = comparisons.flatMap((one) =>
      one.role === role && one.accuracy !== undefined ? [one.accuracy] : [],
    );
    if (accuracies.length === 0) return [];
    const mean = formatPercent(accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length);
    if (accuracies.length > 1) return [`${accuracies.length} random networks ${mean} on average`];
    return [role === "random" ? `a random network ${mean}` : `the largest network ${mean}`];
  });
}

function targetWords(spec: JobSpec, network: ReportContext["input"]["result"]): string {
  if (meetsTarget(network, spec.search.cost)) return ", within the cost target";
  const over = excessWords(network.excess ?? {});
  return `; no network met the cost target${over.length === 0 ? "" : `, and this one exceeds it by ${joinWords(over)}`}`;
}

function excessWords({ macs, params }: Excess): readonly string[] {
  const figures = [
    { share: macs, word: "MACs" },
    { share: params, word: "parameters" },
  ];
  return figures.flatMap(({ share, word }) =>
    share === undefined || share === null || share === 0 ? [] : [`${formatPercent(share, 1)} in ${word}`],
  );
}

/** What a network drawn from the final distribution costs on average; empty where no cost is known. */
export function expectedCostWords({ expectedCost }: ReportContext["input"]["result"]): string {
  const { macs, params } = expectedCost;
  return costWords({ macs: macs?.mean ?? null, params: params?.mean ?? null });
}

function costWords({ macs, params }: { readonly macs: number | null; readonly params: number | null }): string {
  const parts = [
    ...(macs === null ? [] : [`${formatCount(macs)} MACs`]),
    ...(params === null ? [] : [`${formatCount(params)} parameters`]),
  ];
  return parts.join(", ");
}

/** The evaluator in words. */
export function evaluatorWords({ evaluator }: JobSpec): string {
  switch (evaluator.type) {
    case "tabular":
      return `looked up in ${evaluator.table}`;
    case "train":
      return `trained on ${evaluator.dataset} for ${formatInteger(evaluator.steps)} steps of ${formatInteger(evaluator.batch)} examples, measured on the validation part`;
    case "supernet":
      return `slices of shared weights, trained on ${evaluator.dataset} ${formatInteger(evaluator.localSteps)} steps of ${formatInteger(evaluator.batch)} examples a draw`;
    case "command":
      return `measured by the program ${commandText(evaluator.run)}`;
  }
}

/** The budget in words. */
export function budgetWords({ search: { budget } }: JobSpec): string {
  const wall = budget.wallMs === null ? "" : `, ${formatInteger(budget.wallMs / 1000)} s`;
  return `${formatInteger(budget.trials)} trials${wall}`;
}

/** The cost target in words; empty without one. */
export function costTargetWords({ search: { cost } }: JobSpec): string {
  if (cost === null) return "";
  const parts = [
    ...(cost.macs === undefined ? [] : [`${formatRoundCount(cost.macs)} MACs`]),
    ...(cost.params === undefined ? [] : [`${formatRoundCount(cost.params)} parameters`]),
  ];
  return `${joinWords(parts)}, weight ${cost.beta}`;
}
