import type { FpnasClient } from "../client/client.ts";
import type { Job, Round, Trial, TrialRole } from "../client/types.ts";
import type { ReportInput, ReportTrial } from "../coordinator/export/report-input.ts";
import { renderReport } from "../coordinator/export/report.ts";
import type { Choice } from "../coordinator/search/space/space.ts";
import type { RoundSummary, TrialRole as SearchRole } from "../coordinator/search/types.ts";
import { datasets } from "../spec/datasets.ts";
import { commandText } from "../spec/command-text.ts";
import { collect, jobId } from "./command.ts";
import type { FinishedJob } from "./finished-job.ts";
import { shortTrialName } from "./format.ts";
import { modelFolder } from "./model-export/architecture-file.ts";
import { gatherExport, type ModelExport } from "./model-export/gather-export.ts";

/** Everything there is of a finished job. */
export interface JobExport {
  readonly trials: readonly Trial[];
  readonly rounds: readonly Round[];
  /** A self-contained HTML document. It links to the model, where there is one, in the folder beside it. */
  readonly report: string;
  readonly model: ModelExport;
}

/**
 * Reads the trials and rounds of a finished job, draws its report and gathers its model. Rejects with FpnasError.
 * @param choices of the job's space; null where it is not known here, which leaves arms without labels.
 */
export async function exportJob(
  client: FpnasClient,
  job: FinishedJob,
  choices: readonly Choice[] | null,
): Promise<JobExport> {
  const [trials, rounds] = await Promise.all([
    collect(client.listTrials(job.name)),
    collect(client.listRounds(job.name)),
  ]);
  const model = await gatherExport((sha256) => client.fetchFile(sha256), job, trials);
  const input: ReportInput = {
    title: `fpnas: ${jobId(job)}`,
    result: job.result,
    specJson: JSON.stringify(job.spec),
    choices: choices ?? numberedChoices(rounds),
    trials: trials.map(toReportTrial),
    rounds: rounds.map(toSummary),
    notes: reportNotes(job),
    modelFolder: model.type === "model" ? modelFolder : null,
  };
  return { trials, rounds, report: renderReport(input), model };
}

/** What readers of a job's figures must know. */
export function reportNotes({ spec }: Pick<Job, "spec">): readonly string[] {
  if (spec.evaluator.type === "tabular") {
    return [`Nothing was trained: accuracies are looked up in ${spec.evaluator.table}.`];
  }
  if (spec.evaluator.type === "command") {
    return [`Accuracies are those that ${commandText(spec.evaluator.run)} reports; how they come about is its affair.`];
  }
  if (spec.evaluator.type === "supernet") {
    const draw =
      "Accuracies of a draw are those of the shared weights of its round, on that round's validation batch: only finalists can be compared.";
    return [draw, datasets[spec.evaluator.dataset].splitNote];
  }
  const trial = `A trial trains ${String(spec.evaluator.steps)} steps and is measured on a validation part cut from the train part.`;
  return [trial, datasets[spec.evaluator.dataset].splitNote];
}

function numberedChoices(rounds: readonly Round[]): readonly Choice[] {
  return (rounds[0]?.marginals ?? []).map(({ choice, probabilities }) => ({
    name: choice,
    arms: probabilities.map((_, arm) => String(arm)),
    block: choice,
  }));
}

const searchRoles: Readonly<Record<TrialRole, SearchRole>> = {
  search: "search",
  final_answer: "finalAnswer",
  final_random: "finalRandom",
  final_largest: "finalLargest",
  finalist: "finalist",
};

function toReportTrial({ name, round, failure, ...trial }: Trial): ReportTrial {
  const { role, state, arms, macs, params, measurement, reusedFrom } = trial;
  return {
    trial: Number(name.slice(name.lastIndexOf("/") + 1)),
    role: searchRoles[role],
    state,
    arms,
    round: round ?? 0,
    macs,
    params,
    measurement,
    failureReason: failure?.reason ?? null,
    failureDetail: failure?.detail ?? null,
    reusedFrom: reusedFrom === null ? null : shortTrialName(reusedFrom),
  };
}

/** The round as the search told it. */
export function toSummary({ marginals, bestAccuracy, ...round }: Round): RoundSummary {
  return {
    ...round,
    marginals: marginals.map(({ probabilities }) => probabilities),
    bestAccuracy: bestAccuracy === 0 ? null : bestAccuracy,
  };
}
