import type { SearchServiceClient } from "../proto/gen/fpnas/v1/SearchService.ts";
import type { WatchJobResponse__Output } from "../proto/gen/fpnas/v1/WatchJobResponse.ts";
import { decodeJob } from "./decode.ts";
import { FpnasError, unreachableMessage } from "./errors.ts";
import { settleConnection, type Connection } from "./connection.ts";
import { callPatience, Retry, watchPatience } from "./retry.ts";
import { hasEnded } from "./states.ts";
import type { Job } from "./types.ts";

/**
 * The job now and after each change, ended by its final state or by the signal. A lost stream is opened again, where the job can be
 * watched now: with more patience (retry.ts) once the job has been seen. Throws FpnasError.
 */
export async function* watch(
  connection: Connection,
  name: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Job, void, undefined> {
  let retry: Retry | null = new Retry(connection, callPatience);
  while (signal?.aborted !== true) {
    if (connection.isClosed) throw new FpnasError("cancelled", "The client is closed.");
    const { address, stub } = connection.peer;
    try {
      await settleConnection(connection.peer);
      if (connection.peer.stub !== stub) continue;
      for await (const job of watchOnce(stub, name, signal)) {
        retry = null;
        yield job;
        if (hasEnded(job.state)) return;
      }
      throw new FpnasError("unreachable", unreachableMessage(connection.coordinators, "the stream keeps ending"));
    } catch (error) {
      if (isAborted(signal)) return;
      retry ??= new Retry(connection, watchPatience);
      await retry.next(address, error, signal);
    }
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
