import type { JobState } from "../search/job-state.ts";
import { StorageError } from "../storage/storage.ts";
import { WeightsError, type WeightsMerge, type WeightsStore } from "../weights/weights-store.ts";
import type { JobPlan } from "./active-job.ts";
import { pause } from "./clock.ts";
import type { JobWeightsContext } from "./job-weights.ts";

const firstDelayMs = 100;
const maxDelayMs = 5_000;

/** The merge that a job waits for; null where it waits for none. */
export function dueMerge({ spec, space }: JobPlan, { merging }: JobState): WeightsMerge | null {
  if (merging === null || merging.isDone || spec.evaluator.type !== "supernet") return null;
  const { round, updates } = merging;
  const tensors = space.supernet?.().tensors ?? [];
  return { round, updates, tensors, seed: spec.seed, momentum: spec.evaluator.momentum };
}

/**
 * Merges, again and again with growing pauses while the weights' store is unavailable, or until the signal is aborted. Rejects with
 * WeightsError where trying again will not help.
 */
export async function mergePatiently(
  weights: WeightsStore,
  job: string,
  merge: WeightsMerge,
  { clock, logger, signal, observer }: Pick<JobWeightsContext, "clock" | "logger" | "signal" | "observer">,
): Promise<void> {
  for (let delayMs = firstDelayMs; !signal.aborted; delayMs = Math.min(maxDelayMs, delayMs * 2)) {
    try {
      const startMs = clock.now();
      await weights.merge(job, merge);
      const { round, updates } = merge;
      const ms = Math.max(0, clock.now() - startMs);
      logger.debug({ job, version: round + 1, updates: updates.length, ms }, "weights merged");
      observer?.merged(updates.length, ms / 1000);
      return;
    } catch (error) {
      if (!(error instanceof WeightsError) || error.code !== "unavailable") throw error;
      logger.warn({ err: error, job, delayMs }, "shared weights unavailable, trying again");
      await pause(clock, delayMs, signal);
    }
  }
}

/** What the draws that have not been merged still need: the oldest version of those under way, and the updates of those that have ended. */
export function neededWeights(state: JobState): { readonly version: number; readonly updates: readonly string[] } {
  const { draws, networks } = state.round ?? state.merging?.underWay ?? { draws: [], networks: [] };
  const open = draws.filter(({ network }) => networks[network]?.outcome === null).map(({ round }) => round);
  const updates = networks.flatMap(({ outcome }) =>
    outcome?.type === "completed" && outcome.measurement.update !== undefined
      ? [outcome.measurement.update.sha256]
      : [],
  );
  return { version: Math.min(state.rounds + 1, ...open), updates };
}

/** Whether an update is stored. Rejects with StorageError `unavailable` where that cannot be said now. */
export async function isUpdateStored(weights: WeightsStore, job: string, sha256: string): Promise<boolean> {
  try {
    return await weights.hasUpdate(job, sha256);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new StorageError("unavailable", `the shared weights of job ${job}: ${message}`, { cause: error });
  }
}
