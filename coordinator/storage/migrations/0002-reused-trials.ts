import type { Migration } from "./migration.ts";

/** Trials that took over the measurement of a trial of another job say which. */
export const reusedTrials: Migration = ({ compiler, textType }) => [
  compiler.schema.alterTable("trials").addColumn("reused_from", textType),
];
