import type { CostSpec } from "../../coordinator/search/types.ts";
import { landscapeFor, type LandscapeChoice } from "./landscape/registry.ts";
import type { BenchProblem } from "./problem.ts";
import { tableProblem } from "./table-problem.ts";

/** Where a problem comes from: plain data, so that every thread can make it for itself. A landscape has its own targets, or none. */
export type ProblemSource =
  | { readonly type: "table"; readonly bytes: Uint8Array; readonly cost: CostSpec | null }
  | { readonly type: "landscape"; readonly landscape: LandscapeChoice };

/** Makes the problem of a source. Throws InputError. */
export function loadProblem(source: ProblemSource): BenchProblem {
  switch (source.type) {
    case "table":
      return tableProblem(source.bytes, source.cost);
    case "landscape":
      return landscapeFor(source.landscape);
  }
}
