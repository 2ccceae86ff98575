import { createHash } from "node:crypto";
import type { TrainedWeights } from "../../network/measurement.ts";
import { EvaluationError } from "../evaluator/evaluator.ts";
import type { LeaseKey } from "./lease.ts";
import { patiently } from "./patiently.ts";
import type { WeightsPorts } from "./trial-weights.ts";

/**
 * Brings the weights that a trial has trained, for about half a minute where the coordinator is away. Rejects with EvaluationError
 * `data_unavailable` where they cannot be sent, `preempted` where the lease is over, and with the signal's reason.
 */
export async function keepWeights(
  key: LeaseKey,
  { workerId, coordinator, ...patience }: WeightsPorts,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<TrainedWeights> {
  const sizeBytes = bytes.length;
  const weights = { sha256: createHash("sha256").update(bytes).digest("hex"), sizeBytes };
  const header = { workerId, key, weights };
  const verdict = await patiently(patience, signal, () => coordinator.putCheckpoint(header, bytes, signal)).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      throw new EvaluationError("data_unavailable", `the trained weights cannot be sent: ${why}`, { cause: error });
    },
  );
  if (verdict === "stored") return weights;
  throw new EvaluationError("preempted", "the lease was over before the trained weights were sent");
}
