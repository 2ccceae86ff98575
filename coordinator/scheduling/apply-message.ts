import type { Event } from "../search/types.ts";
import type { Storage, TrialRecord } from "../storage/storage.ts";
import type { WeightsStore } from "../weights/weights-store.ts";
import { advance, finishJob } from "./advance.ts";
import { accuses, acquit } from "./attempt-record.ts";
import {
  endAttempt,
  failAttempt,
  leaseKeyOf,
  leaseRow,
  loseAttempt,
  releaseAttempt,
  type EndedAttempt,
} from "./attempts.ts";
import { EngineError } from "./errors.ts";
import type { JobAction, JobMessage } from "./job-message.ts";
import { endOf, type OpenLease } from "./leases.ts";
import { checkDraw, checkOutcome, isWelcomeLate, judgeRepeat, type Outcome } from "./outcome.ts";
import { isUpdateStored } from "./shared-weights.ts";
import { readTrialCheckpoint, readTrialWeights, withBrought } from "./trial-checkpoint.ts";
import type { Turn } from "./turn.ts";
import type { Work } from "./usage.ts";

/** Where a message's effect may have to look. */
export interface Stores {
  readonly storage: Storage;
  readonly weights: WeightsStore | null;
}

type MessageOf<T extends JobMessage["type"]> = Extract<JobMessage, { readonly type: T }>;

/**
 * Takes one message into a turn. Nothing outside the turn changes before its effects run. Rejects with StorageError, or with whatever
 * the search threw.
 */
export async function applyMessage(turn: Turn, stores: Stores, message: JobMessage): Promise<void> {
  const { storage } = stores;
  switch (message.type) {
    case "start":
      await advance(turn, storage, { type: "jobStarted", atMs: turn.record.createTimeMs });
      turn.takeSnapshot();
      turn.answers = message.request;
      return;
    case "outcome":
      return applyOutcome(turn, stores, message);
    case "grant":
      applyGrant(turn, message);
      return;
    case "expire":
      return applyExpiry(turn, storage, message);
    case "release": {
      const row = openLease(turn, message.trial, message.token);
      if (row !== null) turn.put(releaseAttempt(row, "the worker had left before it was told", turn.nowMs).row);
      return;
    }
    case "checkpoint":
      applyCheckpoint(turn, message);
      return;
    case "acquit":
      for (const row of turn.openRows()) if (accuses(row, message.workerId)) turn.put(acquit(row, message.workerId));
      return;
    case "control":
      return applyControl(turn, storage, message);
    case "weightsMerged":
      if (!turn.hasEnded) await advance(turn, storage, { type: "weightsMerged", version: message.version });
      return;
    case "wallTimeSpent":
      if (!turn.hasEnded) await advance(turn, storage, { type: "clockAdvanced", atMs: turn.nowMs });
      return;
    case "fault":
      if (!turn.hasEnded) await finishJob(turn, storage, { type: "failed", error: message.error });
      return;
  }
}

/** The row of a trial that is under this very lease. */
function openLease(turn: Turn, trial: number, token: number): TrialRecord | null {
  const row = turn.row(trial);
  return row?.state === "leased" && row.leaseToken === token ? row : null;
}

async function applyOutcome(turn: Turn, stores: Stores, message: MessageOf<"outcome">): Promise<void> {
  const { storage } = stores;
  const { key, session } = message;
  const row = turn.row(key.trial);
  const outcome = checkDraw(turn.job.plan, row, checkOutcome(message.outcome));
  const isOpen = row?.state === "leased" && row.leaseToken === key.token;
  if (row === undefined || !(isOpen || isWelcomeLate(row, key.token, outcome))) {
    const known = row ?? (await storage.getTrial(key.job, key.trial));
    turn.outbox.ack(session, { key, verdict: judgeRepeat(known, key.token, outcome) });
    return;
  }
  const missing = await missingFile(stores, row, outcome);
  if (missing !== null) {
    await take(turn, storage, failAttempt(row, "data_unavailable", `${missing} not stored`, turn.nowMs));
    turn.outbox.ack(session, { key, verdict: "stale" });
    return;
  }
  if (outcome.type === "measurement" && outcome.measurement.weights !== undefined)
    turn.keepFile(outcome.measurement.weights.sha256);
  turn.works.push(workOf(turn, row, message.busySeconds, outcome));
  await take(turn, storage, endAttempt(row, outcome, turn.nowMs));
  turn.outbox.ack(session, { key, verdict: outcome.type === "malformed" ? "rejected" : "accepted" });
}

/** What the outcome names and is not stored; null where all is. Rejects with StorageError. */
async function missingFile({ storage, weights }: Stores, row: TrialRecord, outcome: Outcome): Promise<string | null> {
  if (outcome.type !== "measurement") return null;
  const { update, weights: trained } = outcome.measurement;
  if (trained !== undefined) {
    // What was brought for the trial is there as long as its row refers to it, also after a restart.
    const isBrought = readTrialWeights(row)?.sha256 === trained.sha256;
    if (!isBrought || (await storage.getFile(trained.sha256)) === null) return "its weights are";
  }
  if (update === undefined || weights === null) return null;
  return (await isUpdateStored(weights, row.job, update.sha256)) ? null : "its update is";
}

/** A worker computes no longer than it has the lease; where it does not say, all of that counts. */
function workOf(turn: Turn, row: TrialRecord, busySeconds: number | null, outcome: Outcome): Work {
  const leaseMs = Math.max(0, turn.nowMs - (row.leaseTimeMs ?? turn.nowMs));
  const isDraw = turn.job.plan.spec.evaluator.type === "supernet" && row.role === "search";
  return {
    busyMs: busySeconds === null ? leaseMs : Math.min(leaseMs, busySeconds * 1000),
    draw: isDraw && outcome.type === "measurement" ? outcome.measurement : null,
  };
}

function applyGrant(turn: Turn, { trial, session, giveBack }: MessageOf<"grant">): void {
  const row = turn.row(trial);
  if (turn.record.state === "running" && row?.state === "pending" && session.isOpen && !session.isLeaving) {
    const leased = leaseRow(row, session.worker.workerId, turn.nowMs);
    const evaluation = turn.job.plan.evaluationOf(row, turn.state);
    turn.put(leased);
    const checkpoint = readTrialCheckpoint(row);
    turn.outbox.lease(session, { key: leaseKeyOf(leased), networkJson: row.networkJson, evaluation, checkpoint });
    return;
  }
  turn.afterwards(() => {
    giveBack();
    if (turn.job.open.get(trial)?.state === "pending") turn.job.pending.add(trial);
  });
}

/** A late one, of a lease that is over, changes nothing. */
function applyCheckpoint(turn: Turn, { workerId, key, file, resolve }: MessageOf<"checkpoint">): void {
  const row = openLease(turn, key.trial, key.token);
  if (row?.workerId !== workerId) {
    turn.afterwards(() => resolve("stale"));
    return;
  }
  turn.put(withBrought(row, file));
  turn.afterwards(() => resolve("stored"));
}

async function applyExpiry(turn: Turn, storage: Storage, { trial, token }: MessageOf<"expire">): Promise<void> {
  const row = openLease(turn, trial, token);
  const lease = turn.job.leases.get(trial);
  // Renewed since the sweeper saw it.
  if (row === null || lease?.token !== token || endOf(lease) > turn.nowMs) return;
  if (row.workerId !== null) turn.outbox.revoke(row.workerId, leaseKeyOf(row));
  await take(turn, storage, endExpired(row, lease, turn.nowMs));
}

function endExpired(row: TrialRecord, { deadlineMs, restored, brokeOff }: OpenLease, nowMs: number): EndedAttempt {
  if (deadlineMs > nowMs) {
    return failAttempt(row, "timed_out", `worker ${row.workerId ?? ""} went on past the time limit`, nowMs);
  }
  if (restored) return releaseAttempt(row, "not heard of since the coordinator started again", nowMs);
  return loseAttempt(row, brokeOff, nowMs);
}

async function take(turn: Turn, storage: Storage, { row, event }: EndedAttempt): Promise<void> {
  turn.put(row);
  if (event !== null) await advance(turn, storage, event);
}

const controls: Readonly<Record<JobAction, { readonly from: readonly string[]; readonly event: Event }>> = {
  pause: { from: ["running"], event: { type: "jobPaused" } },
  resume: { from: ["paused"], event: { type: "jobResumed" } },
  cancel: { from: ["running", "paused"], event: { type: "jobCancelled" } },
};

async function applyControl(turn: Turn, storage: Storage, message: MessageOf<"control">): Promise<void> {
  const { action, resolve, reject } = message;
  const { from, event } = controls[action];
  const { state } = turn.record;
  if (!from.includes(state)) {
    turn.afterwards(() => reject(wrongState(action, state)));
    return;
  }
  if (action !== "cancel") turn.record = { ...turn.record, state: action === "pause" ? "paused" : "running" };
  await advance(turn, storage, event);
  if (action === "pause") turn.takeSnapshot();
  turn.answers = message.request;
  turn.afterwards(() => resolve(turn.record));
}

const done: Readonly<Record<JobAction, string>> = { pause: "paused", resume: "resumed", cancel: "cancelled" };

/** The refusal of an action on a job in a state that does not allow it. */
export function wrongState(action: JobAction, state: string): EngineError {
  const needed = controls[action].from.join(" or ");
  return new EngineError(
    "failedPrecondition",
    "WRONG_STATE",
    `only a ${needed} job can be ${done[action]}: it is ${state}`,
  );
}
