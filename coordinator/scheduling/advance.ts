import { setImmediate } from "node:timers/promises";
import { encodeNetwork } from "../../network/codec.ts";
import type { Command, Event, JobOutcome, PlannedTrial } from "../search/types.ts";
import type { JobKey, Storage, TrialRecord } from "../storage/storage.ts";
import { cancelRow, leaseKeyOf } from "./attempts.ts";
import { findByHash, toKnownTrial } from "./known-trials.ts";
import { formatTrialName } from "./names.ts";
import { assembleResult } from "./result.ts";
import { findEarlier } from "./reuse.ts";
import type { Turn } from "./turn.ts";

/** A search through networks that an earlier job has measured makes thousands of events in one turn: others are attended to between. */
const eventsAtOnce = 16;

/**
 * Takes the search through one event, and through the lookups that follow from it, within a turn. Every event is logged as the core
 * sees it: as it comes back from its own text, so that a replay of the log sees the same. Rejects with StorageError, or with
 * whatever the core throws.
 */
export async function advance(turn: Turn, storage: Storage, event: Event): Promise<void> {
  const queue: Event[] = [event];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const text = JSON.stringify(next);
    const [state, commands] = turn.job.plan.search.step(turn.state, JSON.parse(text) as Event);
    turn.state = state;
    turn.events.push(text);
    if (turn.events.length % eventsAtOnce === 0) await setImmediate();
    for (const command of commands) {
      const answer = await obey(turn, storage, command);
      if (answer !== null) queue.push(answer);
    }
  }
}

async function obey(turn: Turn, storage: Storage, command: Command): Promise<Event | null> {
  switch (command.type) {
    case "lookupNetworks": {
      const rows = await findByHash(turn, storage, command.hashes);
      const missing = command.hashes.filter((hash) => !rows.has(hash));
      const earlier = await findEarlier(turn, storage, missing);
      const known = command.hashes.map((hash) => {
        const row = rows.get(hash);
        return row === undefined ? (earlier.get(hash) ?? null) : toKnownTrial(row);
      });
      return { type: "networksResolved", known };
    }
    case "createTrials":
      for (const planned of command.trials) turn.create(newRow(turn.job.plan.key, planned, turn.nowMs));
      return null;
    case "cancelTrials":
      for (const trial of command.trials) cancelTrial(turn, turn.row(trial));
      return null;
    case "closeRound":
      turn.closeRound(command.summary);
      return null;
    case "mergeWeights":
      // The job's runner does, by the state, once it is durable; so it does after a restart.
      return null;
    case "finishJob":
      await finishJob(turn, storage, command.outcome);
      return null;
  }
}

/** Ends the job within the turn, and with it every trial that has not ended. */
export async function finishJob(turn: Turn, storage: Storage, outcome: JobOutcome): Promise<void> {
  for (const row of turn.openRows()) cancelTrial(turn, row);
  const resultJson =
    outcome.type === "succeeded" ? JSON.stringify(await assembleResult(turn, storage, outcome.result)) : null;
  turn.record = {
    ...turn.record,
    state: outcome.type,
    endTimeMs: turn.nowMs,
    resultJson,
    error: outcome.type === "failed" ? outcome.error : null,
  };
  turn.takeSnapshot();
}

function cancelTrial(turn: Turn, row: TrialRecord | undefined): void {
  if (row?.state !== "pending" && row?.state !== "leased") return;
  if (row.state === "leased" && row.workerId !== null) turn.outbox.revoke(row.workerId, leaseKeyOf(row));
  turn.put(cancelRow(row, turn.nowMs));
}

/** Tables may count in millions; rows and the wire hold whole numbers, while search and result keep the figure as it is. */
function wholeNumber(figure: number | undefined): number | null {
  return figure === undefined ? null : Math.round(figure);
}

/** A trial with the measurement of an earlier job is completed as it is created. */
function newRow(job: JobKey, planned: PlannedTrial, nowMs: number): TrialRecord {
  const { earlier } = planned;
  return {
    job,
    trial: planned.trial,
    role: planned.role,
    state: earlier === null ? "pending" : "completed",
    networkHash: planned.hash,
    networkJson: JSON.stringify(encodeNetwork(planned.network)),
    armsJson: JSON.stringify(planned.arms),
    round: planned.round,
    macs: wholeNumber(planned.macs),
    params: wholeNumber(planned.params),
    attemptsJson: null,
    leaseToken: 0,
    workerId: null,
    leaseTimeMs: null,
    endTimeMs: earlier === null ? null : nowMs,
    busyMs: 0,
    measurementJson: earlier === null ? null : JSON.stringify(earlier.measurement),
    failureReason: null,
    failureDetail: null,
    reusedFrom: earlier === null ? null : formatTrialName(earlier.job, earlier.trial),
    checkpointJson: null,
  };
}
