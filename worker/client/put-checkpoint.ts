import type { PutCheckpointResponse__Output } from "../../proto/gen/fpnas/v1/PutCheckpointResponse.ts";
import type { WorkerServiceClient } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import type { CheckpointHeader } from "./coordinator.ts";
import { upload } from "./upload.ts";

const timeoutMs = 120_000;

/** As `Coordinator.putCheckpoint`. */
export async function putCheckpoint(
  stub: WorkerServiceClient,
  header: CheckpointHeader,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<"stored" | "stale"> {
  const { verdict } = await upload<CheckpointHeader, PutCheckpointResponse__Output>(
    (answered) => stub.putCheckpoint({ deadline: Date.now() + timeoutMs }, answered),
    header,
    bytes,
    signal,
  );
  return verdict === "VERDICT_STORED" ? "stored" : "stale";
}
