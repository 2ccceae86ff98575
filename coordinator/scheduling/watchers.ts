import type { JobKey, JobRecord } from "../storage/storage.ts";
import { pause, type Clock } from "./clock.ts";

/** A job as it stands, and how many workers are connected that can evaluate its trials. */
export interface JobView {
  readonly record: JobRecord;
  readonly workers: number;
}

/** The shortest time between two values of one watcher. */
const minGapMs = 200;

/** Those who follow jobs. */
export class Watchers {
  private readonly byJob = new Map<JobKey, Set<() => void>>();

  /** Calls `listener` after each change of the job until the returned function is called. */
  subscribe(key: JobKey, listener: () => void): () => void {
    const listeners = this.byJob.get(key) ?? new Set();
    this.byJob.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.byJob.get(key) === listeners) this.byJob.delete(key);
    };
  }

  wake(key: JobKey): void {
    for (const listener of this.byJob.get(key) ?? []) listener();
  }

  wakeAll(): void {
    for (const key of this.byJob.keys()) this.wake(key);
  }
}

/**
 * A job now and after each change, changes within a fifth of a second made one; ends after the job's final state, or when the signal
 * aborts. Throws what `read` throws.
 */
export async function* watchJob(
  watchers: Watchers,
  key: JobKey,
  read: () => Promise<JobView>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<JobView, void, undefined> {
  const changes = new ChangeFlag();
  const unsubscribe = watchers.subscribe(key, () => changes.raise());
  const stop = (): void => changes.raise();
  signal.addEventListener("abort", stop, { once: true });
  try {
    while (!isAborted(signal)) {
      changes.lower();
      const view = await read();
      yield view;
      if (view.record.endTimeMs !== null) return;
      await pause(clock, minGapMs, signal);
      await changes.raised();
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", stop);
  }
}

/** Read anew each time: it changes while the loop waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Remembers that something changed since it was last lowered. */
class ChangeFlag {
  private isRaised = false;
  private wake: (() => void) | null = null;

  raise(): void {
    this.isRaised = true;
    this.wake?.();
    this.wake = null;
  }

  lower(): void {
    this.isRaised = false;
  }

  raised(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isRaised) resolve();
      else this.wake = resolve;
    });
  }
}
