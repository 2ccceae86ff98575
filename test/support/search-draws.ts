import { createSearch } from "../../coordinator/search/job.ts";
import { measured, runSearch } from "./search-driver.ts";
import { testSpec, type MacroTable } from "./search-spaces.ts";

const topShare = 0.001;

/** Draws until one of them is in the top 0.1% (fewer than that share strictly better); Infinity where none is. */
export function drawsToTop(
  name: string,
  settings: Record<string, unknown>,
  seed: number,
  { space, accuracyOf, shareBetter }: MacroTable,
  maxDraws: number,
): number {
  const search = createSearch(testSpec(name, { settings, budget: { trials: maxDraws, wallMs: 1 } }), space);
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
    // The wall-time budget ends a search that has nothing more to show.
    interrupt: () => (found < Infinity || draws >= maxDraws ? [{ type: "clockAdvanced", atMs: 1 }] : []),
  });
  return found;
}
