import { EngineError } from "../scheduling/errors.ts";

/**
 * The requests of a call, as long as each comes within `idleMs` of being asked for; then throws EngineError `aborted`. Without it a call
 * could be waited for without end: grpc-js tells nothing of a cancellation that arrives together with the beginning of its call.
 */
export async function* untilIdle<T>(requests: AsyncIterable<T>, idleMs: number): AsyncGenerator<T, void, undefined> {
  const iterator = requests[Symbol.asyncIterator]();
  let isIdle = false;
  try {
    for (;;) {
      const next = await within(idleMs, iterator.next());
      isIdle = next === null;
      if (next === null) throw idle("come", idleMs);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Where nothing comes, the end would be waited for as long.
    if (!isIdle) await iterator.return?.();
  }
}

/** Waits for a caller to take what is said to it; throws EngineError `aborted` where that takes longer than `idleMs`. */
export async function untilTaken(taken: Promise<void>, idleMs: number): Promise<void> {
  const isTaken = await within(
    idleMs,
    taken.then(() => true),
  );
  if (isTaken === null) throw idle("been taken", idleMs);
}

function idle(what: string, idleMs: number): EngineError {
  return new EngineError("aborted", "CALL_IDLE", `nothing has ${what} for ${idleMs / 1_000} s`);
}

/** What the promise gives, or null where that takes too long. Rejects as the promise does. */
async function within<T>(limitMs: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<null>((resolve) => (timer = setTimeout(resolve, limitMs, null)));
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
