import type { CheckpointHeader__Output } from "../../proto/gen/fpnas/v1/CheckpointHeader.ts";
import type { PutCheckpointRequest__Output } from "../../proto/gen/fpnas/v1/PutCheckpointRequest.ts";
import type { PutCheckpointResponse } from "../../proto/gen/fpnas/v1/PutCheckpointResponse.ts";
import type { CheckpointUpload } from "../scheduling/checkpoint-desk.ts";
import type { Engine } from "../scheduling/engine.ts";
import { invalidField } from "../scheduling/errors.ts";
import type { TrialCheckpoint } from "../scheduling/trial-checkpoint.ts";
import { checkSha256, chunksOf } from "./files.ts";
import { Intake, peel, type IntakeLimits } from "./intake.ts";
import { decodeKey } from "./work-messages.ts";

/** Checkpoints that workers bring. They have room of their own: neither they nor other files keep each other out. */
export class CheckpointUploads {
  private readonly intake: Intake;

  constructor(limits: IntakeLimits) {
    this.intake = new Intake(limits);
  }

  /**
   * Receives a checkpoint and has the engine store it, or tells that its lease is over, then without waiting for the bytes. Rejects as
   * `CheckpointDesk.put` and `Intake.receive` do, and with EngineError `invalid`.
   */
  async receive(engine: Engine, requests: AsyncIterable<PutCheckpointRequest__Output>): Promise<PutCheckpointResponse> {
    const { first, rest } = await peel(requests);
    if (first?.header === undefined || first.header === null) {
      throw invalidField("header", "must be given in the first request.");
    }
    const { workerId, checkpoint } = decodeHeader(first.header);
    const key = decodeKey(first.header.key);
    if (key === null) return { verdict: "VERDICT_STALE" };
    const receive: CheckpointUpload["receive"] = (use) =>
      this.intake.receive(checkpoint.sha256, chunksOf(first, rest), async (bytes) => {
        if (bytes.length === checkpoint.sizeBytes) return await use(bytes);
        throw invalidField("header.checkpoint.size_bytes", `must be that of the bytes received, ${bytes.length}.`);
      });
    const verdict = await engine.putCheckpoint({ workerId, key, checkpoint, receive });
    return { verdict: verdict === "stored" ? "VERDICT_STORED" : "VERDICT_STALE" };
  }
}

/** Throws EngineError `invalid`. */
function decodeHeader({ workerId, checkpoint }: CheckpointHeader__Output): {
  readonly workerId: string;
  readonly checkpoint: TrialCheckpoint;
} {
  const field = "header.checkpoint";
  if (checkpoint === null) throw invalidField(field, "must be given.");
  const { step, sizeBytes } = checkpoint;
  const sha256 = checkSha256(checkpoint.sha256, `${field}.sha256`);
  if (step < 1) throw invalidField(`${field}.step`, "must be at least 1.");
  if (sizeBytes < 1) throw invalidField(`${field}.size_bytes`, "must be at least 1.");
  return { workerId, checkpoint: { sha256, step, sizeBytes } };
}
