import { decodeMeasurement, failureReasons, type FailureReason } from "../network/measurement.ts";
import { decodeNetwork } from "../network/codec.ts";
import type { JobResult } from "../spec/result.ts";
import type { JobSpec } from "../spec/types.ts";
import type { FailureReason__Output as WireFailureReason } from "../proto/gen/fpnas/v1/FailureReason.ts";
import type { Job__Output as WireJob } from "../proto/gen/fpnas/v1/Job.ts";
import type { Progress__Output as WireProgress } from "../proto/gen/fpnas/v1/Progress.ts";
import type { Round__Output as WireRound } from "../proto/gen/fpnas/v1/Round.ts";
import type { Trial__Output as WireTrial } from "../proto/gen/fpnas/v1/Trial.ts";
import { FpnasError } from "./errors.ts";
import type { Job, JobState, Progress, Round, Trial, TrialRole, TrialState } from "./types.ts";

const jobStates: Record<WireJob["state"], JobState | null> = {
  STATE_UNSPECIFIED: null,
  STATE_RUNNING: "running",
  STATE_PAUSED: "paused",
  STATE_SUCCEEDED: "succeeded",
  STATE_FAILED: "failed",
  STATE_CANCELLED: "cancelled",
};

const trialStates: Record<WireTrial["state"], TrialState | null> = {
  STATE_UNSPECIFIED: null,
  STATE_PENDING: "pending",
  STATE_LEASED: "leased",
  STATE_COMPLETED: "completed",
  STATE_FAILED: "failed",
  STATE_INFEASIBLE: "infeasible",
  STATE_CANCELLED: "cancelled",
};

const trialRoles: Record<WireTrial["role"], TrialRole | null> = {
  ROLE_UNSPECIFIED: null,
  ROLE_SEARCH: "search",
  ROLE_FINAL_ANSWER: "final_answer",
  ROLE_FINAL_RANDOM: "final_random",
  ROLE_FINAL_LARGEST: "final_largest",
  ROLE_FINALIST: "finalist",
};

/** Reads a job as it stands on the wire. Throws FpnasError `internal` where the coordinator sent nonsense. */
export function decodeJob(wire: WireJob | null): Job {
  const job = required(wire, "job");
  return {
    name: job.name,
    state: required(jobStates[job.state], "state of a job"),
    spec: parseJson(job.specJson, "a spec") as JobSpec,
    createTimeMs: job.createTimeMs,
    endTimeMs: orNull(job.endTimeMs),
    result: job.resultJson === "" ? null : (parseJson(job.resultJson, "a result") as JobResult),
    error: job.error === "" ? null : job.error,
    progress: decodeProgress(required(job.progress, "progress of a job")),
  };
}

/** Reads a trial as it stands on the wire. Throws FpnasError `internal` where the coordinator sent nonsense. */
export function decodeTrial(trial: WireTrial): Trial {
  return {
    name: trial.name,
    state: required(trialStates[trial.state], "state of a trial"),
    role: required(trialRoles[trial.role], "role of a trial"),
    network: decodeNetwork(required(trial.network, "network of a trial")),
    arms: trial.arms,
    round: orNull(trial.round),
    macs: orNull(trial.macs),
    params: orNull(trial.params),
    measurement: trial.measurement === null ? null : decodeMeasurement(trial.measurement),
    failure: decodeFailure(trial.failureReason, trial.failureDetail),
    attempts: trial.attempts,
    workerId: trial.workerId === "" ? null : trial.workerId,
    leaseTimeMs: orNull(trial.leaseTimeMs),
    endTimeMs: orNull(trial.endTimeMs),
    reusedFrom: trial.reusedFrom === "" ? null : trial.reusedFrom,
    endedAttempts: trial.endedAttempts ?? { preempted: 0, lost: 0, failed: 0, infeasible: 0, timedOut: 0 },
  };
}

/** Reads a round as it stands on the wire. */
export function decodeRound({ round, stage, draws, newTrials, entropy, marginals, bestAccuracy }: WireRound): Round {
  return {
    round,
    stage,
    draws,
    newTrials,
    entropy,
    marginals: marginals.map(({ choice, probabilities }) => ({ choice, probabilities })),
    bestAccuracy,
  };
}

function decodeProgress({ stage, trialsBudget, best, ...numbers }: WireProgress): Progress {
  return {
    ...numbers,
    stage: stage === "" ? null : stage,
    trialsBudget: orNull(trialsBudget),
    best: best === null ? null : { ...best, macs: orNull(best.macs), params: orNull(best.params) },
  };
}

function decodeFailure(wire: WireFailureReason, detail: string): { reason: FailureReason; detail: string } | null {
  const name = wire.slice("FAILURE_REASON_".length).toLowerCase();
  const reason = failureReasons.find((known) => known === name);
  return reason === undefined ? null : { reason, detail };
}

/** Proto3 sends 0 for a number that is not known. */
function orNull(value: number): number | null {
  return value === 0 ? null : value;
}

function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new FpnasError("internal", `The coordinator sent no ${what}.`);
  return value;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FpnasError("internal", `The coordinator sent ${what} that is no JSON.`, [], { cause: error });
  }
}
