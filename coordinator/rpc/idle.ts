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
      if (next === null) throw new EngineError("aborted", "CALL_IDLE", `nothing has come for ${idleMs / 1_000} s`);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Where nothing comes, the end would be waited for as long.
    if (!isIdle) await iterator.return?.();
  }
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
