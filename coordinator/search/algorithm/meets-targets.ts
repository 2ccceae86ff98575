import type { Problem } from "./algorithm.ts";

/** Whether a sample meets every cost target; false where its cost is not known. True for all without a target. */
export function meetsTargets(problem: Problem, arms: readonly number[]): boolean {
  return problem.hinge(arms) === 0;
}
