import type { CostSpec } from "../../coordinator/search/types.ts";
import type { BenchProblem } from "./problem.ts";
import { tableProblem } from "./table-problem.ts";

/** Where a problem comes from: plain data, so that every thread can make it for itself. */
export interface ProblemSource {
  readonly type: "table";
  readonly bytes: Uint8Array;
  readonly cost: CostSpec | null;
}

/** Makes the problem of a source. Throws InputError. */
export function loadProblem(source: ProblemSource): BenchProblem {
  return tableProblem(source.bytes, source.cost);
}
