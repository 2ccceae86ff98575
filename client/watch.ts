import { setTimeout as sleep } from "node:timers/promises";
import type { SearchServiceClient } from "../proto/gen/fpnas/v1/SearchService.ts";
import type { WatchJobResponse__Output } from "../proto/gen/fpnas/v1/WatchJobResponse.ts";
import { decodeJob } from "./decode.ts";
import { FpnasError, toFpnasError, unreachableMessage } from "./errors.ts";
import { hasEnded } from "./states.ts";
import type { Job } from "./types.ts";

/** Lost connections in a row, without a job between them, after which a watch gives up: about half a minute. */
const patience = 10;

/**
 * The job now and after each change, ended by its final state or by the signal. A lost connection is opened again with exponential
 * back-off, at most ten times in a row; a first connection that fails is not. Throws FpnasError.
 */
export async function* watch(
  stub: SearchServiceClient,
  connect: () => Promise<void>,
  address: string,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Job, void, undefined> {
  let seen = false;
  let lost = 0;
  while (signal?.aborted !== true) {
    try {
      await connect();
      for await (const job of watchOnce(stub, name, signal)) {
        [seen, lost] = [true, 0];
        yield job;
        if (hasEnded(job.state)) return;
      }
      lost += 1;
    } catch (error) {
      if (isAborted(signal)) return;
      const failure = toFpnasError(error, address);
      lost += 1;
      if (failure.code !== "unreachable" || !seen || lost >= patience) throw failure;
    }
    if (lost >= patience) throw new FpnasError("unreachable", unreachableMessage(address, "the stream keeps ending"));
    const delayMs = Math.min(5_000, 100 * 2 ** lost) * (0.5 + Math.random() / 2);
    await sleep(delayMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

/** One stream, closed when its reader leaves. Throws ServiceError. */
async function* watchOnce(
  stub: SearchServiceClient,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Job, void, undefined> {
  const call = stub.watchJob({ name });
  const cancel = (): void => call.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    for await (const response of call as AsyncIterable<WatchJobResponse__Output>) yield decodeJob(response.job);
  } finally {
    signal?.removeEventListener("abort", cancel);
    // After a stream that failed by itself, its error event may still come.
    call.on("error", () => undefined);
    call.cancel();
  }
}

/** Read anew: the signal may have been aborted while the loop waited. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
