import { createSearch } from "../../../coordinator/search/job.ts";
import type { JobOutcome } from "../../../coordinator/search/types.ts";
import type { Search } from "../../../coordinator/scheduling/active-job.ts";
import { evaluationFor } from "../../../coordinator/scheduling/evaluation.ts";
import { resolveSpec } from "../../../spec/resolve-spec.ts";
import type { JobSpec } from "../../../spec/types.ts";
import { sha256, tableAccuracy, tabularSpec } from "../../support/scheduling-table.ts";
import { failed, measured, runSearch } from "../../support/search-driver.ts";
import type { Dice } from "../world/dice.ts";
import { evaluateDraw, mergedWeight, nameOf } from "./supernet-draw.ts";

/** The table that all jobs search: 36 networks, so that they are drawn again, of which 4 cannot be had. Costs would only take time. */
export const table = makeTable();
export const tableSha256 = sha256(table);
const file = "small.json";

/** The space of all supernets: 36 networks of a few hundred weights. */
export const space = Buffer.from(
  JSON.stringify({
    name: "tiny",
    input: { height: 28, width: 28, channels: 1 },
    classes: 10,
    stem: { channels: 2, stride: 4 },
    blocks: [
      { name: "a", channels: [2, 4], kernel: [0, 3, 5], expansion: [1, 2], stride: 2 },
      { name: "b", channels: [2, 3, 4], kernel: 3, expansion: 1 },
    ],
    head: { channels: 4 },
  }),
);
export const spaceSha256 = sha256(space);
const spaceFile = "tiny.json";

/** A job as a researcher wants it. */
export interface WantedJob {
  /** Empty: the coordinator makes one. */
  readonly jobId: string;
  readonly spec: Record<string, unknown>;
  /** Those that the spec names, by their path to their hash. */
  readonly files: ReadonlyMap<string, string>;
}

/** One of a few hundred jobs: on a table, or every fourth on shared weights. */
export function drawJob(dice: Dice, jobId: string): WantedJob {
  return dice.chance(0.25)
    ? { jobId, spec: drawSupernet(dice), files: new Map([[spaceFile, spaceSha256]]) }
    : { jobId, spec: drawTabular(dice), files: new Map([[file, tableSha256]]) };
}

/** With a warm-up and synchronous rounds mostly, or with asynchronous ones whose late draws may be dropped. */
function drawSupernet(dice: Dice): Record<string, unknown> {
  const supernet = {
    ...{ dataset: "mnist", localSteps: 1, validationExamples: 16, staleness: dice.pick([0, 1, 4]) },
    merge: dice.pick(["likelihood", "equal"]),
  };
  const stages = [{ name: "only", slots: "factorized", updateAfter: 2, inFlight: dice.pick([4, 7]) }];
  return {
    ...{ name: "shared", space: { file: spaceFile }, evaluator: { supernet }, seed: dice.whole(1, 8) },
    algorithm: { name: "fp-nas", kMin: 2, kMax: dice.pick([3, 5]) },
    budget: { trials: dice.pick([9, 15, 21]) },
    ...(dice.chance(0.4) ? { stages } : {}),
  };
}

/** With synchronous rounds mostly, with asynchronous ones, or with a limit of its time. */
function drawTabular(dice: Dice): Record<string, unknown> {
  const budget = { trials: dice.pick([8, 14, 20, 28]) };
  const seed = dice.whole(1, 8);
  const name = dice.pick(["fp-nas", "fp-nas", "fp-nas", "random"]);
  const algorithm = name === "fp-nas" ? { name, lambda: "auto", k0: dice.pick([6, 10]) } : { name };
  const kind = dice.random();
  if (kind < 0.55) return tabularSpec({ budget, seed, algorithm });
  if (kind < 0.9) {
    const stages = [{ name: "only", slots: "factorized", updateAfter: 2, inFlight: dice.pick([3, 7]) }];
    return tabularSpec({ budget, seed, algorithm, stages });
  }
  return tabularSpec({ budget: { ...budget, wallSeconds: dice.pick([20, 60, 150]) }, seed, algorithm });
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
  const files = new Map([
    [file, { sha256: tableSha256, bytes: table }],
    [spaceFile, { sha256: spaceSha256, bytes: space }],
  ]);
  const { spec, space: searched } = resolveSpec(JSON.parse(specJson) as JobSpec, files);
  const search = createSearch(spec.search, searched);
  const dependsOnTime =
    spec.search.budget.wallMs !== null || spec.search.stages.some(({ asynchronous }) => asynchronous !== undefined);
  const job = { spec, search, undisturbed: dependsOnTime ? null : runAlone(search, spec) };
  known.set(specJson, job);
  return job;
}

function runAlone(search: Search, spec: JobSpec): string {
  return spec.evaluator.type === "supernet" ? runSupernet(search, spec) : runTabular(search, spec);
}

/** With versions that are nothing but the number that stands for them. */
function runSupernet(search: Search, spec: JobSpec): string {
  const versions = new Map<number, number>();
  const { outcome } = runSearch(
    search,
    spec.seed,
    ({ trial, role, round, network }) => {
      const evaluation = evaluationFor(spec, new Map(), { trial, role, round }, { finals: [] });
      if (network.type !== "graph" || evaluation.type !== "supernet") throw new Error("this is no draw of a supernet");
      const { measurement, changes } = evaluateDraw(network, evaluation, versions.get(evaluation.version) ?? NaN);
      if (changes === null) return { type: "completed", measurement };
      const sizeBytes = 4 * changes.reduce((sum, { length }) => sum + length, 0);
      return { type: "completed", measurement: { ...measurement, update: { sha256: nameOf(changes), sizeBytes } } };
    },
    {
      between: (state, commands) => {
        for (const command of commands) {
          if (command.type !== "mergeWeights") continue;
          const { round, updates } = command;
          versions.set(round + 1, mergedWeight(versions.get(round) ?? null, { updates, seed: spec.seed }));
        }
        return state;
      },
    },
  );
  return textOf(outcome);
}

function runTabular(search: Search, spec: JobSpec): string {
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
