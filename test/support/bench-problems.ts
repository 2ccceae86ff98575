import type { BenchProblem } from "../../cli/bench/problem.ts";
import { tableProblem } from "../../cli/bench/table-problem.ts";
import type { CostSpec } from "../../coordinator/search/types.ts";

/** The bytes of a table of 6 choices of 3 arms; later choices weigh less, and rows without the first arms are left out where wanted. */
export function ladderTable(name = "ladder", isListed: (arms: readonly number[]) => boolean = () => true): Uint8Array {
  const choices = Array.from({ length: 6 }, (_, index) => ({ name: `c${index}`, arms: ["a", "b", "c"] }));
  const rows = Array.from({ length: 3 ** 6 }, (_, index) => {
    const arms = choices.map((_choice, place) => Math.floor(index / 3 ** place) % 3);
    const sum = arms.reduce((total, arm, place) => total + arm / (place + 1), 0);
    return { arms, accuracy: 0.5 + 0.08 * sum, macs: 100 * arms.reduce((total, arm) => total + arm, 1) };
  }).filter(({ arms }) => isListed(arms));
  return new TextEncoder().encode(JSON.stringify({ name, choices, rows }));
}

/** A problem whose best network has the last arm everywhere, unless a target forbids it. */
export function ladderProblem(cost: CostSpec | null = null): BenchProblem {
  return tableProblem(ladderTable(), cost);
}
