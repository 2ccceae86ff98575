import { algorithms } from "../../coordinator/search/algorithm/registry.ts";
import { createSearch } from "../../coordinator/search/job.ts";
import type { SearchSpec } from "../../coordinator/search/types.ts";
import { measured, runSearch } from "../support/search-driver.ts";
import { macroTable, testSpec, type MacroTable } from "../support/search-spaces.ts";

const seeds = 100;
const maxDraws = 3000;
const topShare = 0.001;

/** What is measured: an algorithm with settings that its row of the published comparison names. */
const methods: readonly { readonly name: string; readonly settings: Record<string, unknown> }[] = [
  ...algorithms.map(({ name }) => ({ name, settings: {} })),
  { name: "fp-nas", settings: { weights: "published", k0: 16 } },
];

/** Draws until one of them is in the top 0.1% (fewer than that share strictly better); Infinity where none is. */
export function drawsToTop(
  name: string,
  settings: Record<string, unknown>,
  seed: number,
  { space, accuracyOf, shareBetter }: MacroTable,
  changes: Partial<SearchSpec> = {},
): number {
  const spec = testSpec(name, { settings, budget: { trials: maxDraws, wallMs: null }, ...changes });
  const search = createSearch(spec, space);
  let draws = 0;
  let found = Infinity;
  runSearch(search, seed, ({ arms }) => measured(accuracyOf(arms)), {
    between: (state, commands) => {
      if (commands.some(({ type }) => type === "lookupNetworks")) {
        for (const { arms } of state.round?.draws ?? []) {
          draws++;
          if (found === Infinity && shareBetter(arms) < topShare) found = draws;
        }
      }
      return state;
    },
    interrupt: () => (found < Infinity || draws >= maxDraws ? [{ type: "clockAdvanced", atMs: 1 }] : []),
  });
  return found;
}

/** Quartiles of the draws until the best so far is in the top 0.1% of NAS-Bench-Macro, for every algorithm. */
export function benchSearchDraws(print: (line: string) => void): Promise<void> {
  const table = macroTable();
  for (const { name, settings } of methods) {
    const startMs = performance.now();
    const draws = Array.from({ length: seeds }, (_, seed) =>
      drawsToTop(name, settings, seed, table, { budget: { trials: maxDraws, wallMs: 1 } }),
    ).sort((left, right) => left - right);
    const quartiles = [0.25, 0.5, 0.75].map((share) => draws[Math.floor(share * (seeds - 1))]);
    const unsolved = draws.filter((count) => count === Infinity).length;
    const ms = (performance.now() - startMs) / seeds;
    print(
      `${name} ${JSON.stringify(settings)}: ${quartiles.join(" / ")} draws, ${unsolved} of ${seeds} seeds unsolved, ${ms.toFixed(0)} ms a search`,
    );
  }
  return Promise.resolve();
}
