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
  const summary = `${String(result.trials)} trials of ${String(result.uniqueNetworks)} networks in ${String(result.rounds)} rounds${entropy}`;
  return `${formatTable(result.comparisons === undefined ? searchRows(result) : finalRows(result))}\n${summary}`;
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
  const lines = [outcomeTable(result), `result: ${paths.result}`, `report: ${paths.report}`].join("\n");
  if (!json) {
    printResult(lines);
    return;
  }
  printNote(lines);
  printJson(result);
}
