import { figure, markdownTable } from "../markdown-table.ts";
import { searchFor, type Winner } from "./searches.ts";
import { meanInterval, median } from "./statistics.ts";
import { randomNetworks, trainAlone, trainOften, type Bench } from "./trainings.ts";

/** Seeds that each winner is trained by in the end. */
const trainings = 3;

const ways = ["supernet", "stand-alone"] as const;

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
