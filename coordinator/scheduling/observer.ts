import type { FailureReason } from "../../network/measurement.ts";
import type { JobKey } from "../storage/storage.ts";
import type { ActiveJob } from "./active-job.ts";
import type { Verdict } from "./outcome.ts";
import { readProgress } from "./progress.ts";
import type { Turn } from "./turn.ts";
import type { Work } from "./usage.ts";

/** How a trial ended. */
export type TrialEnd = "completed" | "failed" | "infeasible" | "cancelled";

/** What one durable turn of a job has done. */
export interface TurnSummary {
  readonly leasesGiven: number;
  readonly verdicts: readonly Verdict[];
  /** Of attempts that ended without a measurement. */
  readonly failures: readonly FailureReason[];
  readonly trialsEnded: readonly TrialEnd[];
  readonly roundsClosed: number;
  readonly works: readonly Work[];
}

/** Is told what an engine does, once it is durable. None of its methods throws. */
export interface EngineObserver {
  turned(summary: TurnSummary): void;
  /** A version of shared weights was made of so many updates. */
  merged(updates: number, seconds: number): void;
}

/** How an engine stands at one moment. */
export interface EngineGauges {
  readonly workersConnected: number;
  /** Of the jobs that have not ended. */
  readonly jobs: readonly JobGauges[];
}

/** How a job stands that has not ended. */
export interface JobGauges {
  readonly key: JobKey;
  readonly state: "running" | "paused";
  readonly trialsPending: number;
  readonly trialsLeased: number;
  /** Of its distribution, in nats. */
  readonly entropy: number;
}

/** How a job stands. */
export function gaugesOf({ plan, checkpoint, open }: ActiveJob): JobGauges {
  const { record } = checkpoint;
  const rows = [...open.values()];
  const trialsLeased = rows.filter(({ state }) => state === "leased").length;
  return {
    key: plan.key,
    state: record.state === "paused" ? "paused" : "running",
    trialsPending: rows.length - trialsLeased,
    trialsLeased,
    entropy: readProgress(record).entropy,
  };
}

/** What a turn has done, for those who count. */
export function summarize(turn: Turn): TurnSummary {
  const { works, roundsClosed } = turn;
  const rows = [...turn.changed.values()];
  const trialsEnded = rows.flatMap(({ state }) => (state === "pending" || state === "leased" ? [] : [state]));
  // A row that was not leased before has had its failure counted, or none.
  const failed = rows.filter(({ trial, state }) => turn.job.open.get(trial)?.state === "leased" && state !== "leased");
  const failures = failed.flatMap(({ failureReason }) =>
    failureReason === null ? [] : [failureReason as FailureReason],
  );
  return { ...turn.outbox.counts, failures, trialsEnded, roundsClosed, works };
}
