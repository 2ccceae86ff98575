import { existsSync } from "node:fs";
import type { JobResult } from "../../spec/result.ts";
import { formatCount, formatShare, formatTable } from "../format.ts";
import { printJson, printNote, printResult } from "../output.ts";
import type { RunPaths } from "./run-folder.ts";

/** The end of a run for people: the networks side by side, and how the search went. */
export function outcomeTable(result: JobResult): string {
  const first = result.stages[0];
  const last = result.stages.at(-1);
  const entropy =
    first === undefined || last === undefined
      ? ""
      : `, entropy ${first.entropyStart.toFixed(2)} to ${last.entropyEnd.toFixed(2)} nats`;
  const reused = result.reused > 0 ? ` (${String(result.reused)} reused from earlier jobs)` : "";
  const networks = result.uniqueNetworks === null ? "" : ` of ${String(result.uniqueNetworks)} networks`;
  const summary = `${String(result.trials)} trials${networks}${reused} in ${String(result.rounds)} rounds${entropy}`;
  const table = formatTable(result.comparisons === undefined ? searchRows(result) : finalRows(result));
  return [table, ...excessLines(result), summary, ...costLines(result)].join("\n");
}

/** By how much the answer misses the cost targets; nothing where it meets them or there are none. */
function excessLines({ excess = {} }: JobResult): readonly string[] {
  const over = [
    { share: excess.macs, word: "MACs" },
    { share: excess.params, word: "params" },
  ].flatMap(({ share, word }) =>
    share === undefined || share === 0
      ? []
      : [`${word} by ${share === null ? "an unknown share" : formatShare(share)}`],
  );
  return over.length === 0
    ? []
    : [`no network met the cost targets; the one found exceeds that of ${over.join(" and ")}`];
}

/** The front to choose from, and what the distribution would draw; nothing where no cost is known. */
function costLines({ pareto, expectedCost: { macs, params } }: JobResult): readonly string[] {
  const expected = [
    ...(macs === null ? [] : [`${formatCount(macs.mean)} MACs`]),
    ...(params === null ? [] : [`${formatCount(params.mean)} params`]),
  ];
  if (expected.length === 0) return [];
  const count = `${String(pareto.length)} ${pareto.length === 1 ? "network" : "networks"}`;
  return [`Pareto front: ${count}; mean of the final distribution: ${expected.join(", ")}`];
}

function finalRows(result: JobResult): readonly (readonly string[])[] {
  const comparisons = result.comparisons ?? [];
  return [
    ["network", "test accuracy", "MACs", "params"],
    [
      "found",
      result.final === undefined ? "failed" : formatShare(result.final.accuracy),
      formatCount(result.macs),
      formatCount(result.params),
    ],
    ...comparisons.map(({ role, accuracy, failure, macs, params }) => [
      role,
      failure === undefined ? formatShare(accuracy) : `failed (${failure})`,
      formatCount(macs),
      formatCount(params),
    ]),
  ];
}

function searchRows(result: JobResult): readonly (readonly string[])[] {
  const { mode, bestObserved } = result;
  return [
    ["network", "accuracy", "MACs", "params"],
    ["found", formatShare(result.measurement.accuracy), formatCount(result.macs), formatCount(result.params)],
    ["mode", formatShare(mode.measurement?.accuracy), formatCount(mode.macs), formatCount(mode.params)],
    [
      "best observed",
      formatShare(bestObserved.measurement?.accuracy),
      formatCount(bestObserved.macs),
      formatCount(bestObserved.params),
    ],
  ];
}

/** Prints how a run ended: the table and where its files are; with `json` the result as the last line of stdout, the table on stderr. */
export function printOutcome(result: JobResult, paths: RunPaths, json: boolean): void {
  const model = existsSync(paths.model) ? [`model: ${paths.model}`] : [];
  const lines = [outcomeTable(result), `result: ${paths.result}`, `report: ${paths.report}`, ...model].join("\n");
  if (!json) {
    printResult(lines);
    return;
  }
  printNote(lines);
  printJson(result);
}
