import type { BusyClock } from "./busy-clock.ts";
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
  /** To be called as the evaluation begins: the clock then stands while it waits, and it tells when it has computed. */
  begin(busy: BusyClock, computed: () => void): void;
}

/** Opens the context of a lease. */
export function openLeaseContext(lease: Lease, ports: CheckpointPorts & WeightsPorts): LeaseContext {
  const abort = new AbortController();
  let clock: BusyClock | null = null;
  let hasComputed = (): void => undefined;
  const { signal } = abort;
  const wait = <T>(what: Promise<T>): Promise<T> => clock?.wait(what) ?? what;
  const checkpoints = new TrialCheckpoints(lease, ports, signal);
  const evaluation: EvaluationContext = {
    trial: lease.key.trial,
    signal,
    fetchFile: (sha256) => wait(ports.files.fetch(sha256, signal)),
    checkpoints,
    weights: trialWeights(lease.key, ports, signal),
    keepWeights: (bytes) => wait(keepWeights(lease.key, ports, bytes, signal)),
    wait,
    computed: () => hasComputed(),
  };
  const begin = (busy: BusyClock, computed: () => void): void => {
    clock = busy;
    hasComputed = computed;
  };
  return { abort, checkpoints, evaluation, begin };
}
