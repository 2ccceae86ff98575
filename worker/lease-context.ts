import { TrialCheckpoints, type CheckpointPorts } from "./checkpoint/trial-checkpoints.ts";
import type { Lease } from "./client/lease.ts";
import { keepWeights } from "./client/keep-weights.ts";
import { trialWeights, type WeightsPorts } from "./client/trial-weights.ts";
import type { EvaluationContext } from "./evaluator/evaluator.ts";

/** What belongs to one lease while this worker holds it. */
export interface LeaseContext {
  /** Ends all that is under way for it. */
  readonly abort: AbortController;
  readonly checkpoints: TrialCheckpoints;
  readonly evaluation: EvaluationContext;
}

/** Opens the context of a lease. */
export function openLeaseContext(lease: Lease, ports: CheckpointPorts & WeightsPorts): LeaseContext {
  const abort = new AbortController();
  const { signal } = abort;
  const checkpoints = new TrialCheckpoints(lease, ports, signal);
  const evaluation: EvaluationContext = {
    trial: lease.key.trial,
    signal,
    fetchFile: (sha256) => ports.files.fetch(sha256, signal),
    checkpoints,
    weights: trialWeights(lease.key, ports, signal),
    keepWeights: (bytes) => keepWeights(lease.key, ports, bytes, signal),
  };
  return { abort, checkpoints, evaluation };
}
