import { defaults } from "../../../spec/defaults.ts";
import { parseSpec } from "../../../spec/parse-spec.ts";
import { resolveSpec } from "../../../spec/resolve-spec.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { runLocally } from "./local-job.ts";
import { LocalWeights } from "./local-weights.ts";
import { meanInterval, median } from "./statistics.ts";
import { randomNetworks, trainAlone, trainOften, type Bench } from "./trainings.ts";

/** Training steps of each search. */
const searchSteps = 6000;
/** Of which a stand-alone trial has so many, much as in examples/fashion-mnist-long.yaml; that leaves 60 trials. */
const aloneSteps = 100;
/** Seeds that each winner is trained by in the end. */
const trainings = 3;

const common = { space: "mbconv-small", cost: { macs: 1e6 } };

const searches = {
  supernet: {
    ...common,
    evaluator: { supernet: { dataset: "fashion-mnist" } },
    budget: { trials: searchSteps / defaults.supernet.localSteps },
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
 * The winner of a search over shared weights beside that of one whose trials train alone, with the same cost target and as many training steps,
 * and beside 100 random networks of the space's 161 million. All are trained from scratch alike and measured once on the test part.
 */
export async function compareWinners(bench: Bench, seeds: readonly number[]): Promise<void> {
  const { space, print } = bench;
  const macs = (arms: readonly number[]): number => space.cost(arms)?.macs ?? NaN;
  const rows: { readonly seed: number; readonly winners: readonly (Winner & { readonly tested: number })[] }[] = [];
  for (const seed of seeds) {
    const winners = [];
    for (const way of ways) {
      const winner = await searchFor(bench, way, seed);
      winners.push({ ...winner, tested: await trainOften(bench, winner.arms, trainings) });
    }
    rows.push({ seed, winners });
  }
  const randoms: { readonly macs: number; readonly tested: number }[] = [];
  for (const arms of randomNetworks(space))
    randoms.push({ macs: macs(arms), tested: await trainAlone(bench, arms, 1) });

  const percent = (share: number): string => (100 * share).toFixed(2);
  const better = (tested: number): number => randoms.filter((random) => random.tested > tested).length;
  const head = ["seed", ...ways.flatMap((way) => [`${way}, %`, "M MACs", "random ones better", "search, s"])];
  const cells = ({ tested, arms, seconds }: Winner & { readonly tested: number }): readonly string[] => [
    percent(tested),
    figure(macs(arms) / 1e6),
    `${better(tested)} of ${randoms.length}`,
    figure(seconds),
  ];
  print(
    `\n${markdownTable(
      head,
      rows.map(({ seed, winners }) => [String(seed), ...winners.flatMap(cells)]),
    )}\n`,
  );

  const of = (place: number): readonly number[] => rows.map(({ winners }) => winners[place]?.tested ?? NaN);
  const difference = (name: string, others: readonly number[]): void => {
    const { value, low, high } = meanInterval(of(0).map((tested, row) => 100 * (tested - (others[row] ?? NaN))));
    print(`supernet less ${name}: ${value.toFixed(2)} points [${low.toFixed(2)}, ${high.toFixed(2)}]`);
  };
  difference("stand-alone", of(1));
  const all = median(randoms.map(({ tested }) => tested));
  difference(
    `the median random network (${percent(all)}%)`,
    rows.map(() => all),
  );
  const asLarge = rows.map(({ winners: [winner] }) =>
    median(randoms.filter((random) => random.macs >= macs(winner?.arms ?? [])).map(({ tested }) => tested)),
  );
  difference(`the median random network of no fewer MACs (${asLarge.map(percent).join(", ")}%)`, asLarge);
}
