import type { BestTrial } from "../../proto/gen/fpnas/v1/BestTrial.ts";
import type { Job, _fpnas_v1_Job_State } from "../../proto/gen/fpnas/v1/Job.ts";
import type { Progress } from "../../proto/gen/fpnas/v1/Progress.ts";
import { formatJobName, formatTrialName } from "../scheduling/names.ts";
import { readProgress } from "../scheduling/progress.ts";
import type { JobView } from "../scheduling/watchers.ts";
import type { JobRecord, JobState } from "../storage/storage.ts";

const states: Readonly<Record<JobState, _fpnas_v1_Job_State>> = {
  running: "STATE_RUNNING",
  paused: "STATE_PAUSED",
  succeeded: "STATE_SUCCEEDED",
  failed: "STATE_FAILED",
  cancelled: "STATE_CANCELLED",
};

/** The job as it stands on the wire. */
export function encodeJob({ record, workers }: JobView): Job {
  return {
    name: formatJobName(record.key),
    state: states[record.state],
    specJson: record.specJson,
    createTimeMs: record.createTimeMs,
    endTimeMs: record.endTimeMs ?? 0,
    resultJson: record.resultJson ?? "",
    error: record.error ?? "",
    progress: encodeProgress(record, workers),
  };
}

function encodeProgress(record: JobRecord, workers: number): Progress {
  const { best, finalsEnded, finalsTotal, ...progress } = readProgress(record);
  return {
    stage: progress.stage,
    rounds: progress.rounds,
    draws: progress.draws,
    roundDraws: progress.roundDraws,
    trialsCreated: progress.trialsCreated,
    trialsEnded: progress.trialsEnded,
    trialsFailed: progress.trialsFailed,
    trialsBudget: progress.trialsBudget,
    entropy: progress.entropy,
    entropyStart: progress.entropyStart,
    best: best === null ? null : encodeBest(record.key, best),
    workers,
    finalEnded: finalsEnded,
    finalTotal: finalsTotal,
  };
}

type Best = NonNullable<ReturnType<typeof readProgress>["best"]>;

function encodeBest(key: string, { trial, accuracy, macs, params }: Best): BestTrial {
  return { trial: formatTrialName(key, trial), accuracy, macs: Math.round(macs ?? 0), params: Math.round(params ?? 0) };
}
