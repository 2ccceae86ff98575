import { parseSpec } from "../../../spec/parse-spec.ts";
import { resolveSpec } from "../../../spec/resolve-spec.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { runLocally } from "./local-job.ts";
import { LocalWeights } from "./local-weights.ts";
import { mean } from "./statistics.ts";
import { trainOften, type Bench } from "./trainings.ts";

/** Draws of the warm-up, and rounds after it, of every search. */
const warmUpDraws = 600;
const rounds = 120;
/** Draws of a fixed round, and of the first adaptive one: the published number. */
const draws = 14;
/** Seeds that each winner is trained by. */
const trainings = 2;

const half = rounds / 2;
const schedules = {
  "coarse only": [{ name: "coarse", slots: "factorized", until: { rounds } }],
  "fine only": [{ name: "fine", slots: "block", until: { rounds } }],
  "coarse to fine": [
    { name: "coarse", slots: "factorized", until: { rounds: half } },
    { name: "fine", slots: "block", until: { rounds: half } },
  ],
} as const;

const adaptive = { lambda: "auto", k0: draws, kMax: draws };
const fixed = { kMin: draws, kMax: draws };

const variants = [
  { name: "fixed K, coarse to fine", stages: schedules["coarse to fine"], settings: fixed },
  { name: "adaptive K, coarse to fine", stages: schedules["coarse to fine"], settings: adaptive },
  { name: "adaptive K, coarse only", stages: schedules["coarse only"], settings: adaptive },
  { name: "adaptive K, fine only", stages: schedules["fine only"], settings: adaptive },
] as const;

/** What a search has found, and what it took. */
interface Found {
  readonly arms: readonly number[];
  /** Draws after the warm-up. */
  readonly draws: number;
  readonly lastDraws: number;
  /** Nats, at the end. */
  readonly entropy: number;
  readonly expectedMacs: number;
  readonly seconds: number;
}

async function searchFor(
  { worker, records, space, print }: Bench,
  { name, stages, settings }: (typeof variants)[number],
  seed: number,
): Promise<Found> {
  return records.keep(`rounds-${name.replaceAll(/\W+/g, "-")}-${seed}`, async () => {
    const spec = parseSpec({
      space: space.name,
      algorithm: { name: "fp-nas", ...settings },
      stages: [
        { name: "warm-up", slots: stages[0].slots, until: { trials: warmUpDraws }, weightsOnly: true },
        ...stages,
      ],
      evaluator: { supernet: { dataset: "fashion-mnist", localSteps: 1, validationExamples: 128 } },
      cost: { macs: 1e6 },
      budget: { trials: warmUpDraws + (rounds + 1) * draws },
      seed,
    });
    const run = await runLocally(resolveSpec(spec, new Map()), { worker, weights: new LocalWeights() });
    const { result, searchSeconds } = run;
    const learned = run.rounds.filter(({ stage }) => stage !== "warm-up");
    const last = learned.at(-1);
    print(`seed ${seed}, ${name}: ${figure(searchSeconds)} s`);
    return {
      arms: result.answer.arms,
      draws: learned.reduce((sum, round) => sum + round.draws, 0),
      lastDraws: last?.draws ?? NaN,
      entropy: last?.entropy ?? NaN,
      expectedMacs: result.expectedCost.macs?.mean ?? NaN,
      seconds: searchSeconds,
    };
  });
}

/**
 * Rounds of 14 draws beside rounds that follow the entropy, and one distribution for each choice, one for each block, and the one after the other: equal
 * numbers of rounds after equal warm-ups, the winners trained from scratch alike and measured on the test part.
 */
export async function compareRounds(bench: Bench, seeds: readonly number[]): Promise<void> {
  const { space, print } = bench;
  const rows: string[][] = [];
  for (const variant of variants) {
    const found: { readonly found: Found; readonly accuracy: number }[] = [];
    for (const seed of seeds) {
      const one = await searchFor(bench, variant, seed);
      found.push({ found: one, accuracy: await trainOften(bench, one.arms, trainings) });
    }
    const over = (of: (found: Found) => number): string => figure(mean(found.map(({ found: one }) => of(one))));
    rows.push([
      variant.name,
      over(({ draws: count }) => count),
      over(({ lastDraws }) => lastDraws),
      over(({ entropy }) => entropy),
      over(({ seconds }) => seconds),
      found.map(({ accuracy }) => (100 * accuracy).toFixed(2)).join(", "),
      (100 * mean(found.map(({ accuracy }) => accuracy))).toFixed(2),
      over(({ arms }) => (space.cost(arms)?.macs ?? NaN) / 1e6),
    ]);
  }
  const head = ["search", "draws", "K at the end", "entropy, nats", "search, s", "winners, %", "mean, %", "M MACs"];
  print(`\n${markdownTable(head, rows)}\n`);
}
