import { figure, markdownTable } from "../markdown-table.ts";
import { searchFor } from "./searches.ts";
import { trainOften, type Bench } from "./trainings.ts";

const ways = ["supernet", "coarse only", "fine only", "K = 14"] as const;

/**
 * Searches over shared weights, real ones, with as many training steps each: by default (K by the entropy, coarse to fine), coarse only, fine
 * only, and with rounds of the published fixed number of draws.
 */
export async function compareSchedules(bench: Bench, seeds: readonly number[]): Promise<void> {
  const { space, print } = bench;
  const rows: (readonly string[])[] = [];
  for (const seed of seeds) {
    for (const way of ways) {
      const winner = await searchFor(bench, way, seed);
      const tested = await trainOften(bench, winner.arms);
      rows.push([
        String(seed),
        way === "supernet" ? "adaptive, coarse to fine" : way,
        ...[winner.rounds, winner.draws].map(String),
        winner.entropy.toFixed(2),
        figure((space.cost(winner.arms)?.macs ?? NaN) / 1e6),
        (100 * winner.accuracy).toFixed(2),
        (100 * tested).toFixed(2),
        figure(winner.seconds),
      ]);
    }
  }
  const head = ["seed", "search", "rounds", "K at the end", "entropy, nats", "M MACs", "shared, %", "tested, %", "s"];
  print(`\n${markdownTable(head, rows)}\n`);
}
