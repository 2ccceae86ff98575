import { parseSpec } from "../../../spec/parse-spec.ts";
import { resolveSpec } from "../../../spec/resolve-spec.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { runLocally } from "./local-job.ts";
import { LocalWeights } from "./local-weights.ts";
import { meanInterval, median, mean } from "./statistics.ts";
import { randomArms, trainAlone, type Bench } from "./trainings.ts";

/** Training steps of each search. */
const searchSteps = 8000;
/** Of which a stand-alone trial has so many. */
const aloneSteps = 100;
/** Of each network in the end, and by how many seeds the winners are trained. */
const finalSteps = 1000;
const winnerSeeds = 3;
/** Random networks, each trained by one seed: their median is taken. */
const randoms = 10;

const common = { space: "mbconv-small", cost: { macs: 1e6 } };

/** Where the default of a supernet's search has its local steps. */
const localSteps = 4;

const searches = {
  supernet: {
    ...common,
    evaluator: { supernet: { dataset: "fashion-mnist", localSteps } },
    budget: { trials: searchSteps / localSteps },
  },
  "stand-alone": {
    ...common,
    evaluator: { train: { dataset: "fashion-mnist", steps: aloneSteps, evalExamples: 0 } },
    budget: { trials: searchSteps / aloneSteps },
  },
};

type Way = keyof typeof searches;
const ways = ["supernet", "stand-alone"] as const satisfies readonly Way[];

/** What a search has found. */
interface Winner {
  readonly arms: readonly number[];
  /** On the validation part, as the search measured it. */
  readonly accuracy: number;
  readonly steps: number;
  readonly seconds: number;
}

interface Row {
  readonly seed: number;
  readonly found: ReadonlyMap<Way, { readonly winner: Winner; readonly accuracy: number }>;
  readonly random: number;
}

async function searchFor({ worker, records, print }: Bench, way: Way, seed: number): Promise<Winner> {
  return records.keep(`winner-${way}-${seed}`, async () => {
    const resolved = resolveSpec(parseSpec({ ...searches[way], seed }), new Map());
    const { result, trials, seconds } = await runLocally(resolved, { worker, weights: new LocalWeights() });
    const steps = trials.reduce((sum, { measurement }) => sum + measurement.steps, 0);
    print(`seed ${seed}, ${way}: ${figure(seconds)} s for ${steps} steps`);
    const { arms, measurement } = result.answer;
    return { arms, accuracy: measurement.accuracy, steps, seconds };
  });
}

/**
 * The winner of a search over shared weights beside that of one whose trials train alone, and beside random networks: of a space of 161 million,
 * with the same cost target and as many training steps in each search. All are trained from scratch alike and measured once on the test part.
 */
export async function compareWinners(bench: Bench, seeds: readonly number[]): Promise<void> {
  const { space, print } = bench;
  const macs = (arms: readonly number[]): number => space.cost(arms)?.macs ?? NaN;
  const rows: Row[] = [];
  for (const seed of seeds) {
    const found = new Map<Way, { readonly winner: Winner; readonly accuracy: number }>();
    for (const way of ways) {
      const winner = await searchFor(bench, way, seed);
      const accuracies = [];
      for (let training = 1; training <= winnerSeeds; training += 1)
        accuracies.push(await trainAlone(bench, winner.arms, { steps: finalSteps, seed: training }));
      found.set(way, { winner, accuracy: mean(accuracies) });
    }
    const least = macs(found.get("supernet")?.winner.arms ?? []);
    const others = [];
    for (let index = 0; index < randoms; index += 1) {
      const arms = randomArms(space, seed, index, (drawn) => macs(drawn) >= least);
      others.push(await trainAlone(bench, arms, { steps: finalSteps, seed: (index % winnerSeeds) + 1 }));
    }
    rows.push({ seed, found, random: median(others) });
  }
  const percent = (share: number): string => (100 * share).toFixed(2);
  const cell = (way: Way, { found }: Row): string[] => {
    const { winner, accuracy } = found.get(way) ?? {};
    if (winner === undefined || accuracy === undefined) return ["–", "–", "–"];
    return [percent(accuracy), figure(macs(winner.arms) / 1e6), figure(winner.seconds)];
  };
  const head = ["seed", ...ways.flatMap((way) => [`${way}, %`, "M MACs", "search, s"]), "median of random, %"];
  print(
    `\n${markdownTable(
      head,
      rows.map((row) => [String(row.seed), ...ways.flatMap((way) => cell(way, row)), percent(row.random)]),
    )}\n`,
  );
  const of = (way: Way) => rows.map(({ found }) => 100 * (found.get(way)?.accuracy ?? NaN));
  const differences = (name: string, of2: readonly number[]): void => {
    const { value, low, high } = meanInterval(of("supernet").map((accuracy, row) => accuracy - (of2[row] ?? NaN)));
    print(`supernet less ${name}: ${value.toFixed(2)} points [${low.toFixed(2)}, ${high.toFixed(2)}]`);
  };
  differences("stand-alone", of("stand-alone"));
  differences(
    "median random",
    rows.map(({ random }) => 100 * random),
  );
}
