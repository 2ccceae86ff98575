import type { TrainedWeights } from "../../network/measurement.ts";
import type { CheckpointHeader__Output } from "../../proto/gen/fpnas/v1/CheckpointHeader.ts";
import type { PutCheckpointRequest__Output } from "../../proto/gen/fpnas/v1/PutCheckpointRequest.ts";
import type { PutCheckpointResponse } from "../../proto/gen/fpnas/v1/PutCheckpointResponse.ts";
import type { CheckpointUpload } from "../scheduling/checkpoint-desk.ts";
import type { Engine } from "../scheduling/engine.ts";
import { invalidField } from "../scheduling/errors.ts";
import { brought, type BroughtFile } from "../scheduling/trial-checkpoint.ts";
import { checkSha256, chunksOf } from "./files.ts";
import { Intake, peel, type IntakeLimits } from "./intake.ts";
import { decodeKey } from "./work-messages.ts";

/** Checkpoints and trained weights that workers bring. They have room of their own: neither they nor other files keep each other out. */
export class CheckpointUploads {
  private readonly intake: Intake;

  constructor(limits: IntakeLimits) {
    this.intake = new Intake(limits);
  }

  /**
   * Receives a checkpoint, or weights, and has the engine store it, or tells that its lease is over, then without waiting for the bytes. Rejects as
   * `CheckpointDesk.put` and `Intake.receive` do, and with EngineError `invalid`.
   */
  async receive(engine: Engine, requests: AsyncIterable<PutCheckpointRequest__Output>): Promise<PutCheckpointResponse> {
    const { first, rest } = await peel(requests);
    if (first?.header === undefined || first.header === null) {
      throw invalidField("header", "must be given in the first request.");
    }
    const { workerId } = first.header;
    const file = decodeFile(first.header);
    const { sha256, sizeBytes } = brought(file);
    const key = decodeKey(first.header.key);
    if (key === null) return { verdict: "VERDICT_STALE" };
    const receive: CheckpointUpload["receive"] = (use) =>
      this.intake.receive(sha256, chunksOf(first, rest), async (bytes) => {
        if (bytes.length === sizeBytes) return await use(bytes);
        const field = "weights" in file ? "weights" : "checkpoint";
        throw invalidField(`header.${field}.size_bytes`, `must be that of the bytes received, ${bytes.length}.`);
      });
    const verdict = await engine.putCheckpoint({ workerId, key, receive, ...file });
    return { verdict: verdict === "stored" ? "VERDICT_STORED" : "VERDICT_STALE" };
  }
}

/** Throws EngineError `invalid`. */
function decodeFile({ checkpoint, weights }: CheckpointHeader__Output): BroughtFile {
  if (weights !== null) {
    if (checkpoint !== null) throw invalidField("header.weights", "must be left out beside a checkpoint.");
    return { weights: checkRef("header.weights", weights) };
  }
  const field = "header.checkpoint";
  if (checkpoint === null) throw invalidField(field, "must be given, or weights.");
  const { step } = checkpoint;
  if (step < 1) throw invalidField(`${field}.step`, "must be at least 1.");
  return { checkpoint: { ...checkRef(field, checkpoint), step } };
}

/** Throws EngineError `invalid`. */
function checkRef(field: string, { sha256, sizeBytes }: TrainedWeights): TrainedWeights {
  checkSha256(sha256, `${field}.sha256`);
  if (sizeBytes < 1) throw invalidField(`${field}.size_bytes`, "must be at least 1.");
  return { sha256, sizeBytes };
}
