import { figure, markdownTable } from "../markdown-table.ts";
import { searchFor } from "./searches.ts";
import { meanInterval, median } from "./statistics.ts";
import { randomNetworks, trainAlone, trainOften, type Bench } from "./trainings.ts";

/** Of the longer trainings, which tell how good a network is that has time to learn. */
const longSteps = 2000;

/** Of a seed's two winners: accuracies on the test part, and MACs. */
interface Duel {
  readonly seed: number;
  readonly supernet: Contestant;
  readonly alone: Contestant;
}

interface Contestant {
  readonly macs: number;
  /** After 400 steps from its slice of the shared weights; null of a search that has none. */
  readonly fromSlice: number | null;
  /** After 400 steps from scratch. */
  readonly fromScratch: number;
  /** After 2,000. */
  readonly long: number;
}

async function compete(bench: Bench, way: "supernet" | "stand-alone", seed: number): Promise<Contestant> {
  const { arms, fromSlice } = await searchFor(bench, way, seed);
  return {
    macs: bench.space.cost(arms)?.macs ?? NaN,
    fromSlice,
    fromScratch: await trainOften(bench, arms),
    long: await trainAlone(bench, arms, 1, longSteps),
  };
}

const percent = (share: number): string => (100 * share).toFixed(2);

/**
 * The winner of a search over shared weights beside that of one whose trials train alone, with the same cost target and as many training steps,
 * and beside 100 random networks of the space's 161 million: after as many more steps, from its slice or from scratch, measured once on the test part.
 */
export async function compareWinners(bench: Bench, seeds: readonly number[]): Promise<void> {
  const { print } = bench;
  const duels: Duel[] = [];
  for (const seed of seeds) {
    const supernet = await compete(bench, "supernet", seed);
    duels.push({ seed, supernet, alone: await compete(bench, "stand-alone", seed) });
  }
  const randoms: number[] = [];
  for (const arms of randomNetworks(bench.space)) randoms.push(await trainAlone(bench, arms, 1));

  const head = [
    ...["seed", "shared: M MACs", "from its slice, %", "from scratch, %", "2,000 steps, %"],
    ...["alone: M MACs", "from scratch, %", "2,000 steps, %"],
  ];
  const cells = ({ macs, fromSlice, fromScratch, long }: Contestant): readonly string[] => [
    figure(macs / 1e6),
    ...(fromSlice === null ? [] : [percent(fromSlice)]),
    ...[fromScratch, long].map(percent),
  ];
  const rows = duels.map(({ seed, supernet, alone }) => [String(seed), ...cells(supernet), ...cells(alone)]);
  print(`\n${markdownTable(head, rows)}\n`);

  const middle = median(randoms);
  print(`median random network of ${randoms.length}: ${percent(middle)}%`);
  const difference = (name: string, of: (duel: Duel) => number): void => {
    const { value, low, high } = meanInterval(duels.map((duel) => 100 * of(duel)));
    print(`${name}: ${value.toFixed(2)} points [${low.toFixed(2)}, ${high.toFixed(2)}]`);
  };
  const slice = ({ fromSlice }: Contestant): number => fromSlice ?? NaN;
  difference("from its slice, less alone", ({ supernet, alone }) => slice(supernet) - alone.fromScratch);
  difference("from its slice, less the median", ({ supernet }) => slice(supernet) - middle);
  difference("from scratch, less alone", ({ supernet, alone }) => supernet.fromScratch - alone.fromScratch);
  difference("from scratch, less the median", ({ supernet }) => supernet.fromScratch - middle);
  difference("2,000 steps, less alone", ({ supernet, alone }) => supernet.long - alone.long);
}
