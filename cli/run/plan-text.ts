import { describePlan, type Plan } from "../../coordinator/search/job.ts";
import type { AsynchronousRounds, StageEnd } from "../../coordinator/search/types.ts";
import { formatCount, formatDuration, formatTable, formatWorkers } from "../format.ts";
import type { LoadedSpec } from "../load-spec.ts";

/** What `--dry-run` tells. */
export interface RunPlan extends Plan {
  readonly job: string;
  readonly seed: number;
  /** Why `algorithm` was taken. */
  readonly algorithmReason: string;
  readonly workers: number;
  /** An estimate: see `estimateSeconds`; null where it is the program's affair. */
  readonly expectedSeconds: number | null;
}

/**
 * Training speed that estimates go by: multiply-accumulates of the forward pass a second and worker, in training. Of the order of one core
 * with wasm on small networks; GPUs are far above it.
 */
const trainMacsPerSecond = 1.5e9;
/** Loading, evaluating and reporting, a trial. */
const trialOverheadSeconds = 0.5;
/** Looked-up trials a second, whatever the number of workers. */
const lookupsPerSecond = 200;

/** Works out what a run will do, without doing any of it. Throws SearchSpecError. */
export function planRun({ spec, space }: LoadedSpec, workers: number): RunPlan {
  const plan = describePlan(spec.search, space);
  const expectedSeconds = estimateSeconds(spec, plan, meanMacs({ space }), workers);
  return { job: spec.name, seed: spec.seed, algorithmReason: spec.algorithmReason, workers, ...plan, expectedSeconds };
}

function estimateSeconds(
  { evaluator, search, finalSteps }: LoadedSpec["spec"],
  plan: Plan,
  macs: number,
  workers: number,
): number | null {
  if (evaluator.type === "command") return null;
  if (evaluator.type === "tabular") return plan.expectedTrials / lookupsPerSecond;
  const trainSeconds = (steps: number) => (steps * evaluator.batch * macs) / trainMacsPerSecond + trialOverheadSeconds;
  const searchSeconds =
    (plan.expectedTrials * trainSeconds(evaluator.type === "supernet" ? evaluator.localSteps : evaluator.steps)) /
    workers;
  const limit = search.budget.wallMs === null ? Infinity : search.budget.wallMs / 1000;
  const finalRounds = Math.ceil(plan.finalTrials / workers);
  return Math.min(searchSeconds, limit) + finalRounds * trainSeconds(finalSteps ?? 0);
}

/** Half of what the largest network costs: a rough middle of the space. */
function meanMacs({ space }: Pick<LoadedSpec, "space">): number {
  const largest = space.largest();
  return (largest === undefined ? 0 : (space.cost(largest)?.macs ?? 0)) / 2;
}

/** The plan for people. */
export function planText(plan: RunPlan): string {
  const { space, stages, expectedDraws, expectedTrials, maxTrials, finalTrials } = plan;
  const rows = stages.map(({ name, slots, slotCount, until, asynchronous, firstDraws }) => [
    name,
    slots,
    String(slotCount),
    firstDraws === null ? "-" : String(firstDraws),
    updateText(asynchronous),
    untilText(until),
  ]);
  return [
    `job        ${plan.job}, seed ${String(plan.seed)}`,
    `algorithm  ${plan.algorithm} (${plan.algorithmReason})`,
    `space      ${space.name}: ${formatCount(Number(space.size))} samples in ${String(space.choices)} choices, ${space.entropy.toFixed(2)} nats`,
    `first K    ${String(stages[0]?.firstDraws ?? 0)} draws`,
    `trials     about ${String(expectedTrials)} (${String(expectedDraws)} draws), at most ${String(maxTrials)}; final trainings: ${String(finalTrials)}`,
    `time       ${timeText(plan)}`,
    "",
    formatTable([["stage", "slots", "number", "first draws", "update after", "until"], ...rows]),
  ].join("\n");
}

function timeText({ expectedSeconds, workers }: RunPlan): string {
  if (expectedSeconds === null) return `as long as the program takes, with ${formatWorkers(workers)}`;
  return `about ${formatDuration(1000 * expectedSeconds)} with ${formatWorkers(workers)}, a rough estimate`;
}

function updateText(asynchronous: AsynchronousRounds | null): string {
  if (asynchronous === null) return "all draws of a round";
  return `${String(asynchronous.updateAfter)} draws, ${String(asynchronous.inFlight)} networks in flight`;
}

function untilText({ entropyBelow, rounds, trials }: StageEnd): string {
  const ends = [
    ...(entropyBelow === undefined ? [] : [`entropy at ${String(entropyBelow)} of its start`]),
    ...(rounds === undefined ? [] : [`${String(rounds)} rounds`]),
    ...(trials === undefined ? [] : [`${String(trials)} trials`]),
  ];
  return ends.length === 0 ? "the budget ends" : ends.join(" or ");
}
