import { once } from "node:events";
import type { ClientWritableStream } from "@grpc/grpc-js";
import type { PutCheckpointRequest } from "../../proto/gen/fpnas/v1/PutCheckpointRequest.ts";
import type { PutCheckpointResponse__Output } from "../../proto/gen/fpnas/v1/PutCheckpointResponse.ts";
import type { WorkerServiceClient } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import type { CheckpointHeader } from "./coordinator.ts";

const timeoutMs = 120_000;
const chunkBytes = 2 ** 20;

/** As `Coordinator.putCheckpoint`. Pieces are read from `bytes` only as fast as the network takes them. */
export async function putCheckpoint(
  stub: WorkerServiceClient,
  { workerId, key, checkpoint }: CheckpointHeader,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<"stored" | "stale"> {
  signal.throwIfAborted();
  const over = new AbortController();
  let call: ClientWritableStream<PutCheckpointRequest> | undefined;
  const answered = new Promise<PutCheckpointResponse__Output>((resolve, reject) => {
    call = stub.putCheckpoint({ deadline: Date.now() + timeoutMs }, (error, response) => {
      over.abort();
      if (error !== null) reject(error);
      else if (response === undefined) reject(new Error("the coordinator sent an empty answer"));
      else resolve(response);
    });
  });
  const cancel = (): void => call?.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    if (call !== undefined) {
      call.write({ header: { workerId, key, checkpoint } });
      await writeAll(call, bytes, over.signal);
    }
    const { verdict } = await answered;
    return verdict === "VERDICT_STORED" ? "stored" : "stale";
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** Writes until all is written, or the call is over, whose answer then says why. */
async function writeAll(
  call: ClientWritableStream<PutCheckpointRequest>,
  bytes: Uint8Array,
  over: AbortSignal,
): Promise<void> {
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    if (over.aborted) return;
    const isTaken = call.write({ chunk: bytes.subarray(start, start + chunkBytes) });
    if (!isTaken) await once(call, "drain", { signal: over }).catch(() => undefined);
  }
  call.end();
}
