import { status } from "@grpc/grpc-js";
import { Backoff } from "./backoff.ts";
import { statusOf } from "./status.ts";
import { wait, type Timers } from "./timers.ts";

/** Tries while the coordinator is away or has too much to do: about half a minute, long enough for its restart. */
const tries = 10;

/** What waiting needs. */
export interface Patience {
  readonly timers: Timers;
  /** Uniform from 0 to below 1. */
  readonly random: () => number;
}

/**
 * Calls the coordinator, and again for about half a minute where it is away or has too much to do. Rejects with the last call's error, or where
 * the signal is aborted while it waits.
 */
export async function patiently<T>(
  { timers, random }: Patience,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  const backoff = new Backoff(random);
  for (let left = tries; ; left -= 1) {
    try {
      return await call();
    } catch (error) {
      if (left <= 1 || signal.aborted || !passing.has(statusOf(error))) throw error;
    }
    await wait(timers, backoff.next(), signal);
  }
}

/** Statuses of a coordinator that is gone, going (one that is stopped cancels its calls), or full for now. */
const passing: ReadonlySet<status> = new Set([status.UNAVAILABLE, status.CANCELLED, status.RESOURCE_EXHAUSTED]);
