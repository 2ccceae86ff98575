/** The search core's public face: what the shell, the spec and the tests use of it. */
export { SearchSpecError } from "./context.ts";
export type { JobState } from "./job-state.ts";
export { describePlan, type Plan, type StagePlan } from "./plan.ts";
export type { Progress } from "./result.ts";
export { createSearch, type Search } from "./search.ts";
export { decodeSnapshot, encodeSnapshot, SnapshotError } from "./snapshot.ts";
