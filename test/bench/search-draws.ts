import { algorithms } from "../../coordinator/search/algorithm/registry.ts";
import { drawsToTop } from "../support/search-draws.ts";
import { macroTable } from "../support/search-spaces.ts";

const seeds = 300;
const maxDraws = 3000;

/** What is measured: an algorithm with settings that its row of the published comparison names. */
const methods: readonly { readonly name: string; readonly settings: Record<string, unknown> }[] = [
  ...algorithms.map(({ name }) => ({ name, settings: {} })),
  { name: "parsec", settings: { k: 8 } },
  { name: "fp-nas", settings: { weights: "published", k0: 16 } },
];

/** Quartiles of the draws until the best so far is in the top 0.1% of NAS-Bench-Macro, for every algorithm. */
export function benchSearchDraws(print: (line: string) => void): Promise<void> {
  const table = macroTable();
  for (const { name, settings } of methods) {
    const startMs = performance.now();
    const draws = Array.from({ length: seeds }, (_, seed) => drawsToTop(name, settings, seed, table, maxDraws)).sort(
      (left, right) => left - right,
    );
    const quartiles = [0.25, 0.5, 0.75].map((share) => draws[Math.floor(share * (seeds - 1))]);
    const unsolved = draws.filter((count) => count === Infinity).length;
    const ms = (performance.now() - startMs) / seeds;
    print(
      `${name} ${JSON.stringify(settings)}: ${quartiles.join(" / ")} draws, ${unsolved} of ${seeds} seeds unsolved, ${ms.toFixed(0)} ms a search`,
    );
  }
  return Promise.resolve();
}
