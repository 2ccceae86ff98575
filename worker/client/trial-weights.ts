import { createHash } from "node:crypto";
import { decodeWeights, encodeWeights } from "../../network/weights-codec.ts";
import { EvaluationError, type SharedWeights } from "../evaluator/evaluator.ts";
import type { Coordinator } from "./coordinator.ts";
import type { LeaseKey } from "./lease.ts";
import { patiently, type Patience } from "./patiently.ts";

/** What the shared weights of a trial need. */
export interface WeightsPorts extends Patience {
  readonly workerId: string;
  readonly coordinator: Coordinator;
}

/** The shared weights of a lease's job, over the wire; `signal` ends what is under way. */
export function trialWeights(
  key: LeaseKey,
  { workerId, coordinator, ...patience }: WeightsPorts,
  signal: AbortSignal,
): SharedWeights {
  const job = key.trial.slice(0, key.trial.lastIndexOf("/trials/"));
  const failed = (what: string) => (error: unknown) => {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    throw new EvaluationError("data_unavailable", `${what}: ${why}`, { cause: error });
  };
  return {
    fetch: async ({ version, slices, precision }) => {
      const request = { job, version, slices, precision };
      const bytes = await patiently(patience, signal, () => coordinator.fetchWeights(request, signal)).catch(
        failed(`version ${version} of the shared weights cannot be fetched`),
      );
      try {
        return decodeWeights(bytes, slices, precision);
      } catch (error) {
        return failed(`version ${version} of the shared weights does not fit`)(error);
      }
    },
    put: async ({ version, slices, precision, values }) => {
      const bytes = encodeWeights(values, precision);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const header = { workerId, key, version, slices, precision, sha256 };
      const verdict = await patiently(patience, signal, () => coordinator.putUpdate(header, bytes, signal)).catch(
        failed("the update of the shared weights cannot be sent"),
      );
      if (verdict === "stored") return { sha256, sizeBytes: bytes.length };
      throw new EvaluationError("preempted", "the lease was over before the update was sent");
    },
  };
}
