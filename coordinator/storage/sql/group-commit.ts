import { StorageError } from "../storage.ts";

/** Collects what many callers want written, so that one transaction and one flush to disk serves them all. */
export interface GroupCommit<U> {
  /** Resolves when `unit` is durable. Rejects with its own refusal, or with what its whole group failed of. */
  submit(unit: U): Promise<void>;
  /** Resolves when all that was submitted is answered. */
  drain(): Promise<void>;
}

interface Waiting<U> {
  readonly unit: U;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Bounds how long one transaction holds the event loop. */
const maxUnits = 512;

/**
 * Groups the units submitted in one turn of the event loop, and those that arrive while a group is being written.
 * A turn ends after all sockets that were ready have been read: under load, a group holds an outcome of each worker.
 * Units are written in the order of their submission. `write` answers for each unit its refusal, or null.
 */
export function createGroupCommit<U>(
  write: (units: readonly U[]) => Promise<readonly (StorageError | null)[]>,
): GroupCommit<U> {
  let queue: Waiting<U>[] = [];
  let flushing: Promise<void> | null = null;

  const writeGroup = async (group: readonly Waiting<U>[]): Promise<void> => {
    try {
      const refusals = await write(group.map(({ unit }) => unit));
      group.forEach(({ resolve, reject }, index) => {
        const refusal = refusals[index];
        if (refusal) reject(refusal);
        else resolve();
      });
    } catch (error) {
      for (const { reject } of group) reject(error as Error);
    }
  };

  const flush = async (): Promise<void> => {
    while (queue.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      const group = queue.slice(0, maxUnits);
      queue = queue.slice(maxUnits);
      await writeGroup(group);
    }
    flushing = null;
  };

  return {
    submit: (unit) =>
      new Promise((resolve, reject) => {
        queue.push({ unit, resolve, reject });
        flushing ??= flush();
      }),
    drain: async () => {
      await flushing;
    },
  };
}
