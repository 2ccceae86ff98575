import { entropy, mode, sampler, type Distribution } from "../../../coordinator/search/distribution.ts";
import { createSearch, type JobState } from "../../../coordinator/search/job.ts";
import { namedStream } from "../../../coordinator/search/rng.ts";
import type { Command, Event, PlannedTrial } from "../../../coordinator/search/types.ts";
import { normal } from "../../../cli/bench/noise.ts";
import { parseSpec } from "../../../spec/parse-spec.ts";
import { resolveSpec } from "../../../spec/resolve-spec.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { fitLandscape, type FittedLandscape } from "./landscape.ts";
import { trainShared } from "./ranking.ts";
import { mean, meanInterval } from "./statistics.ts";
import { randomNetworks, type Bench } from "./trainings.ts";

/** Rounds of every search, and seeds of each. */
const rounds = 600;
const seeds = 10;
/** Draws of a fixed round, and of the first adaptive one: the published number. */
const draws = 14;
/** Of the final distribution. */
const looks = 200;
/** Draws of the shared weights that are too early to be of use: the weights know nothing yet. */
const early = 2000;

const half = rounds / 2;
const schedules = {
  coarse: [{ name: "coarse", slots: "factorized", until: { rounds } }],
  fine: [{ name: "fine", slots: "block", until: { rounds } }],
  mixed: [
    { name: "coarse", slots: "factorized", until: { rounds: half } },
    { name: "fine", slots: "block", until: { rounds: half } },
  ],
} as const;

const adaptive = { lambda: "auto", k0: draws, kMax: draws };
const fixed = { kMin: draws, kMax: draws };

const variants = [
  { name: "K = 14, coarse to fine", stages: schedules.mixed, settings: fixed },
  { name: "adaptive, coarse to fine", stages: schedules.mixed, settings: adaptive },
  { name: "adaptive, coarse only", stages: schedules.coarse, settings: adaptive },
  { name: "adaptive, fine only", stages: schedules.fine, settings: adaptive },
] as const;

/** How one search went. */
interface Course {
  /** After each round: draws so far, and the mean score of networks of the distribution. */
  readonly way: readonly { readonly draws: number; readonly score: number }[];
  readonly lastDraws: number;
  readonly entropy: number;
  readonly mode: number;
  readonly macs: number;
}

function searchOn(
  { space }: Bench,
  landscape: FittedLandscape,
  { stages, settings }: (typeof variants)[number],
  seed: number,
): Course {
  const { spec } = resolveSpec(
    parseSpec({
      space: space.name,
      algorithm: { name: "fp-nas", ...settings },
      stages,
      evaluator: { supernet: { dataset: "fashion-mnist" } },
      cost: { macs: 1e6 },
      budget: { trials: (rounds + 1) * draws },
      seed,
    }),
    new Map(),
  );
  const search = createSearch(spec.search, space);
  const way: { readonly draws: number; readonly score: number }[] = [];
  let open: PlannedTrial[] = [];
  let total = 0;
  let lastDraws = 0;
  let state: JobState = search.init(seed);
  const distribution = (): Distribution => (state.algorithm as { readonly distribution: Distribution }).distribution;
  const looked = (): readonly (readonly number[])[] => {
    const sample = sampler(distribution());
    return Array.from({ length: looks }, (_, look) => sample(namedStream(seed, `bench/supernet/look/${look}`)));
  };
  const carryOut = (command: Command): void => {
    if (command.type === "createTrials") open.push(...command.trials.filter(({ role }) => role === "search"));
    if (command.type === "mergeWeights") send({ type: "weightsMerged", version: command.round + 1 });
    if (command.type !== "closeRound") return;
    total += command.summary.draws;
    lastDraws = command.summary.draws;
    way.push({ draws: total, score: mean(looked().map(landscape.score)) });
  };
  const send = (event: Event): void => {
    const [next, commands] = search.step(state, event);
    state = next;
    commands.forEach(carryOut);
  };
  send({ type: "jobStarted", atMs: 0 });
  while (open.length > 0) {
    const trials = open;
    open = [];
    for (const { trial, arms } of trials) {
      const noise = landscape.noise * normal(namedStream(seed, `bench/supernet/noise/${trial}`));
      const loss = 3 - landscape.score(arms) - noise;
      send({ type: "trialCompleted", trial, measurement: { accuracy: 0, loss, steps: 1, extra: {} } });
    }
  }
  return {
    way,
    lastDraws,
    entropy: entropy(distribution()),
    mode: landscape.score(mode(distribution())),
    macs: mean(looked().map((arms) => space.cost(arms)?.macs ?? NaN)),
  };
}

/**
 * Rounds of 14 draws beside rounds that follow the entropy, and distributions with a categorical for each choice, for each block, and first the one then the
 * other: as many rounds each, on the landscape that draws of real shared weights show (`ranking`).
 */
export async function compareRounds(bench: Bench): Promise<void> {
  const { space, print } = bench;
  const { draws: scored, seconds } = await trainShared(bench);
  const landscape = fitLandscape(space, scored.slice(early));
  const randoms = randomNetworks(space).map(landscape.score);
  const middle = mean(randoms);
  const deviation = Math.sqrt(mean(randoms.map((score) => (score - middle) ** 2)));
  const inDeviations = (score: number): number => (score - middle) / deviation;
  print(
    `landscape of ${scored.length - early} draws: ${figure(100 * landscape.explained)}% of the variance within rounds; random networks deviate by ${figure(deviation)} nats, a draw by ${figure(landscape.noise)}`,
  );
  const courses = variants.map((variant) =>
    Array.from({ length: seeds }, (_, seed) => searchOn(bench, landscape, variant, seed + 1)),
  );
  const ends = courses.map((of) => of.map(({ way }) => way.at(-1)?.score ?? NaN));
  const level = middle + 0.8 * (mean(ends[0] ?? []) - middle);
  const rows = courses.map((of, place) => {
    const over = (value: (course: Course) => number): number => mean(of.map(value));
    const end = meanInterval((ends[place] ?? []).map(inDeviations));
    return [
      variants[place]?.name ?? "",
      figure(over(({ way }) => way.at(-1)?.draws ?? NaN)),
      figure(over(({ lastDraws }) => lastDraws)),
      `${end.value.toFixed(2)} [${end.low.toFixed(2)}, ${end.high.toFixed(2)}]`,
      figure(inDeviations(over(({ mode: score }) => score))),
      figure(over((course) => course.entropy)),
      figure(over(({ macs }) => macs) / 1e6),
      figure(over(({ way }) => way.find(({ score }) => score >= level)?.draws ?? NaN)),
      figure((seconds / scored.length) * over(({ way }) => way.at(-1)?.draws ?? NaN)),
    ];
  });
  const head = [
    "search",
    "draws",
    "K at the end",
    "score, deviations",
    "mode",
    "entropy, nats",
    "M MACs",
    "draws to 80%",
    "s",
  ];
  print(`\n${markdownTable(head, rows)}\n`);
}
