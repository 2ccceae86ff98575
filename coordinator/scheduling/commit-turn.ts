import type { Logger } from "pino";
import { StorageError, type Storage, type TrialRecord } from "../storage/storage.ts";
import { pause, type Clock } from "./clock.ts";
import { mayPass } from "./errors.ts";
import type { Turn } from "./turn.ts";

/** What a turn needs to be committed. */
export interface CommitContext {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborted when the engine cannot go on or gives up waiting for the store. */
  readonly signal: AbortSignal;
}

const firstDelayMs = 50;
const maxDelayMs = 5_000;

/**
 * Makes a turn and commits it, again and again with growing pauses while the store is unavailable or locked by another; resolves with
 * the turn that is durable. A commit that failed may still have been stored, so before the next try the store is read: what is there is not done twice.
 * Rejects with StorageError where waiting will not help or the signal is aborted, and with whatever `prepare` throws besides.
 */
export async function commitTurn(context: CommitContext, prepare: () => Promise<Turn>): Promise<Turn> {
  const { storage, clock, logger, signal } = context;
  let unsure: Turn | null = null;
  for (let delayMs = firstDelayMs; ; delayMs = Math.min(maxDelayMs, delayMs * 2)) {
    try {
      if (unsure !== null && (await hasLanded(storage, unsure))) return unsure;
      unsure = null;
      const turn = await prepare();
      if (turn.isEmpty) return turn;
      const [commit, request] = turn.seal();
      unsure = turn;
      await storage.commit([commit], request);
      return turn;
    } catch (error) {
      if (!mayPass(error) || signal.aborted) throw error;
      logger.warn({ err: error, delayMs }, "store unavailable, trying again");
      await pause(clock, delayMs, signal);
    }
  }
}

/** Whether the turn is in the store. Rejects with StorageError `conflict` where another one is. */
async function hasLanded(storage: Storage, turn: Turn): Promise<boolean> {
  const { plan, checkpoint } = turn.job;
  if (turn.events.length === 0) return await haveRowsLanded(storage, turn);
  const stored = await storage.readEvents(plan.key, checkpoint.seq);
  if (stored.length === 0) return false;
  const isSame = stored.length === turn.events.length && stored.every(([, text], index) => text === turn.events[index]);
  if (isSame) return true;
  throw new StorageError("conflict", `job ${plan.key} has events that this coordinator did not write`);
}

/**
 * Whether the rows of a turn without events are in the store, by the first of them: all are, or none. The next try may have other rows,
 * as where the worker of a lease has left meanwhile; what the store has then goes on from there, and its tokens are not given again.
 */
async function haveRowsLanded(storage: Storage, { job, changed }: Turn): Promise<boolean> {
  const [row] = changed.values();
  if (row === undefined) return false;
  const stored = await storage.getTrial(job.plan.key, row.trial);
  return stored !== null && Object.entries(row).every(([name, value]) => stored[name as keyof TrialRecord] === value);
}
