import { encodeNetwork } from "../../network/codec.ts";
import type { Measurement } from "../../network/measurement.ts";
import type {
  EvaluatedNetwork,
  ExchangeResult,
  FinalComparison,
  FinalResult,
  JobResult,
  SupernetResult,
} from "../../spec/result.ts";
import { largestWeights } from "../search/finals.ts";
import type { FinalSummary, SearchResult, SupernetSummary } from "../search/types.ts";
import type { Storage } from "../storage/storage.ts";
import type { JobPlan } from "./active-job.ts";
import { findByHash, readMeasurement } from "./known-trials.ts";
import { formatJobName } from "./names.ts";
import type { Turn } from "./turn.ts";
import { busyFraction, type Exchange } from "./usage.ts";

/** `result.json` of a search that succeeded in this turn. Rejects with StorageError. */
export async function assembleResult(turn: Turn, storage: Storage, found: SearchResult): Promise<JobResult> {
  const { plan } = turn.job;
  const { usage } = turn;
  const modeMeasurement = await findMode(turn, storage, found);
  const { answer, bestObserved, finals } = found;
  const final = describeFinal(finals);
  const comparisons = finals.flatMap((summary) => describeComparison(plan, summary));
  return {
    job: formatJobName(plan.key),
    seed: plan.spec.seed,
    algorithm: plan.spec.search.algorithm.name,
    space: plan.space.name,
    ...describeNetwork(plan, answer.arms),
    measurement: answer.measurement,
    ...(found.excess === null ? {} : { excess: found.excess }),
    mode: {
      ...describeNetwork(plan, found.mode.arms),
      ...(modeMeasurement === null ? {} : { measurement: modeMeasurement }),
    },
    bestObserved: { ...describeNetwork(plan, bestObserved.arms), measurement: bestObserved.measurement },
    pareto: found.pareto,
    expectedCost: found.expectedCost,
    draws: found.draws,
    trials: found.trials,
    reused: found.reused,
    uniqueNetworks: found.uniqueNetworks,
    rounds: found.rounds,
    stages: found.stages,
    distribution: found.distribution,
    ...(final === null ? {} : { final }),
    ...(plan.spec.search.final === null ? {} : { comparisons }),
    ...describeDistillation(plan, finals),
    ...(found.supernet === undefined ? {} : { supernet: describeSupernet(plan, found.supernet) }),
    wallSeconds: Math.max(0, turn.nowMs - turn.record.createTimeMs) / 1000,
    workerBusyFraction: busyFraction(usage),
    ...(usage.exchange === undefined ? {} : { exchange: describeExchange(usage.exchange) }),
  };
}

function describeExchange(exchange: Exchange): ExchangeResult {
  const { samples, weightsBytes, updateBytes } = exchange;
  return { ...exchange, bytesPerSample: (weightsBytes + updateBytes) / samples };
}

/** What was measured of the mode; null where it was not evaluated. Of a supernet's finalists it is the first. Rejects with StorageError. */
async function findMode(turn: Turn, storage: Storage, { mode, supernet }: SearchResult): Promise<Measurement | null> {
  if (supernet !== undefined) {
    const outcome = supernet.finalists[0]?.outcome;
    return outcome?.type === "completed" ? outcome.measurement : null;
  }
  const row = (await findByHash(turn, storage, [mode.hash])).get(mode.hash);
  return row === undefined ? null : readMeasurement(row);
}

function describeSupernet(plan: JobPlan, { version, stale, finalists }: SupernetSummary): SupernetResult {
  const described = finalists.map(({ trial, arms, outcome }) => {
    const { loss } = outcome.type === "completed" ? outcome.measurement : {};
    return { trial, ...describeEnd(plan, arms, outcome), ...(loss !== undefined && { loss }) };
  });
  return { version, stale, finalists: described };
}

function describeNetwork(plan: JobPlan, arms: readonly number[]): Omit<EvaluatedNetwork, "measurement"> {
  const cost = plan.space.cost(arms);
  return {
    network: encodeNetwork(plan.space.decode(arms)),
    arms,
    macs: cost?.macs ?? null,
    params: cost?.params ?? null,
  };
}

/** Of the answer's own final training; null where there was none, or it failed. */
function describeFinal(finals: readonly FinalSummary[]): FinalResult | null {
  const outcome = finals.find((summary) => summary.role === "finalAnswer")?.outcome;
  if (outcome?.type !== "completed") return null;
  const { accuracy, steps, weights } = outcome.measurement;
  return { accuracy, steps, part: "test", ...(weights && { weights }) };
}

function describeComparison(plan: JobPlan, { role, arms, outcome }: FinalSummary): readonly FinalComparison[] {
  if (role === "finalAnswer") return [];
  return [{ role: role === "finalRandom" ? "random" : "largest", ...describeEnd(plan, arms, outcome) }];
}

function describeDistillation(
  { spec: { finalTeacher } }: JobPlan,
  finals: readonly FinalSummary[],
): Pick<JobResult, "distillation"> {
  if (finalTeacher === undefined) return {};
  if (finalTeacher !== "largest") return { distillation: { teacher: finalTeacher.file } };
  const failure = whyNoTeacher(finals);
  return { distillation: { teacher: "largest", ...(failure !== null && { failure }) } };
}

function whyNoTeacher(finals: readonly FinalSummary[]): string | null {
  if (largestWeights({ finals }) !== null) return null;
  const outcome = finals.find(({ role }) => role === "finalLargest")?.outcome;
  if (outcome === undefined) return "the largest network of the space is not known";
  return outcome.type === "failed"
    ? `the training of the largest network failed: ${outcome.reason}`
    : "the worker that trained the largest network kept no weights";
}

function describeEnd(
  plan: JobPlan,
  arms: readonly number[],
  outcome: FinalSummary["outcome"],
): Omit<FinalComparison, "role"> {
  const cost = plan.space.cost(arms);
  return {
    arms,
    macs: cost?.macs ?? null,
    params: cost?.params ?? null,
    ...(outcome.type === "completed" ? describeMeasured(outcome.measurement) : { failure: outcome.reason }),
  };
}

function describeMeasured({ accuracy, weights }: Measurement): Pick<FinalComparison, "accuracy" | "weights"> {
  return { accuracy, ...(weights && { weights }) };
}
