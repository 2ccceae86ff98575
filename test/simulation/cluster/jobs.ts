import { createSearch } from "../../../coordinator/search/job.ts";
import type { JobOutcome } from "../../../coordinator/search/types.ts";
import type { Search } from "../../../coordinator/scheduling/active-job.ts";
import { resolveSpec } from "../../../spec/resolve-spec.ts";
import type { JobSpec } from "../../../spec/types.ts";
import { sha256, tableAccuracy, tabularSpec } from "../../support/scheduling-table.ts";
import { failed, measured, runSearch } from "../../support/search-driver.ts";
import type { Dice } from "../world/dice.ts";

/** The table that all jobs search: 36 networks, so that they are drawn again, of which 4 cannot be had. Costs would only take time. */
export const table = makeTable();
export const tableSha256 = sha256(table);
const file = "small.json";
export const tableFiles: ReadonlyMap<string, string> = new Map([[file, tableSha256]]);

/** A job as a researcher wants it. */
export interface WantedJob {
  /** Empty: the coordinator makes one. */
  readonly jobId: string;
  readonly spec: Record<string, unknown>;
}

/** One of a few hundred jobs: with synchronous rounds mostly, with asynchronous ones, or with a limit of its time. */
export function drawJob(dice: Dice, jobId: string): WantedJob {
  const budget = { trials: dice.pick([8, 14, 20, 28]) };
  const seed = dice.whole(1, 8);
  const name = dice.pick(["fp-nas", "fp-nas", "fp-nas", "random"]);
  const algorithm = name === "fp-nas" ? { name, lambda: "auto", k0: dice.pick([6, 10]) } : { name };
  const kind = dice.random();
  if (kind < 0.55) return { jobId, spec: tabularSpec({ budget, seed, algorithm }) };
  if (kind < 0.9) {
    const stages = [{ name: "only", slots: "factorized", updateAfter: 2, inFlight: dice.pick([3, 7]) }];
    return { jobId, spec: tabularSpec({ budget, seed, algorithm, stages }) };
  }
  return {
    jobId,
    spec: tabularSpec({ budget: { ...budget, wallSeconds: dice.pick([20, 60, 150]) }, seed, algorithm }),
  };
}

/** What follows from a job's spec alone. */
export interface KnownJob {
  readonly spec: JobSpec;
  readonly search: Search;
  /** What the job finds where nothing goes wrong, as `textOf` has it; null where that depends on when its results arrive. */
  readonly undisturbed: string | null;
}

const known = new Map<string, KnownJob>();

/** From the spec as the store has it. */
export function knowJob(specJson: string): KnownJob {
  const before = known.get(specJson);
  if (before !== undefined) return before;
  const files = new Map([[file, { sha256: tableSha256, bytes: table }]]);
  const { spec, space } = resolveSpec(JSON.parse(specJson) as JobSpec, files);
  const search = createSearch(spec.search, space);
  const dependsOnTime =
    spec.search.budget.wallMs !== null || spec.search.stages.some(({ asynchronous }) => asynchronous !== undefined);
  const job = { spec, search, undisturbed: dependsOnTime ? null : runAlone(search, spec) };
  known.set(specJson, job);
  return job;
}

function runAlone(search: Search, spec: JobSpec): string {
  const { outcome } = runSearch(search, spec.seed, ({ arms }) => {
    const accuracy = tableAccuracy(table, arms);
    return accuracy === undefined ? failed("infeasible") : measured(accuracy);
  });
  return textOf(outcome);
}

function makeTable(): Uint8Array {
  const choices = [3, 3, 2, 2].map((arms, index) => ({
    name: `choice ${index + 1}`,
    arms: ["small", "middle", "large"].slice(0, arms),
  }));
  const rows = Array.from({ length: 36 }, (_, index) => {
    const arms = [Math.floor(index / 12), Math.floor(index / 4) % 3, Math.floor(index / 2) % 2, index % 2];
    return { arms, accuracy: 0.5 + 0.05 * arms.reduce((total, arm) => total + arm, 0) + 0.001 * (index % 7) };
  });
  const listed = rows.filter(({ arms }) => arms[0] !== 0 || arms[1] !== 0);
  return Buffer.from(JSON.stringify({ name: "small", choices, rows: listed }));
}

/** What a job has found, without the figures by which the simulation tells one evaluation from another. */
export function textOf(outcome: JobOutcome): string {
  return JSON.stringify(outcome).replace(/"extra":\{[^}]*\}/g, '"extra":{}');
}
