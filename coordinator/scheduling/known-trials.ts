import type { Measurement } from "../../network/measurement.ts";
import type { FailureReason } from "../../network/measurement.ts";
import type { KnownTrial, TrialOutcome } from "../search/types.ts";
import type { Storage, TrialRecord } from "../storage/storage.ts";
import type { Turn } from "./turn.ts";

/**
 * The search trials that have these networks, as the turn has them: rows of the store, and over them what the turn has changed.
 * A cancelled trial will never be measured, so its network counts as unknown. Rejects with StorageError.
 */
export async function findByHash(
  turn: Turn,
  storage: Storage,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, TrialRecord>> {
  const stored = await storage.findTrials(turn.job.plan.key, hashes);
  const wanted = new Set(hashes);
  const fresh = [...turn.changed.values()].filter((row) => row.role === "search" && wanted.has(row.networkHash));
  const rows = new Map([...stored, ...fresh].map((row) => [row.trial, row]));
  const known = [...rows.values()].filter((row) => row.state !== "cancelled");
  return new Map(known.sort((a, b) => a.trial - b.trial).map((row) => [row.networkHash, row]));
}

/** The row as the search core knows it. */
export function toKnownTrial(row: TrialRecord): KnownTrial {
  return { trial: row.trial, outcome: readOutcome(row) };
}

/** The measurement of a completed trial; null for any other. */
export function readMeasurement(row: TrialRecord): Measurement | null {
  return row.measurementJson === null ? null : (JSON.parse(row.measurementJson) as Measurement);
}

function readOutcome(row: TrialRecord): TrialOutcome {
  const measurement = readMeasurement(row);
  if (measurement !== null) return { type: "completed", measurement };
  if (row.state !== "failed" && row.state !== "infeasible") return { type: "pending" };
  return { type: "failed", reason: row.failureReason as FailureReason };
}
