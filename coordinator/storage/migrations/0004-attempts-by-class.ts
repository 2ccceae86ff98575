import { sql } from "kysely";

import type { Migration } from "./migration.ts";

/** Trials tell their ended attempts apart: what was one number becomes JSON. Requests are found by age, to be forgotten. */
export const attemptsByClass: Migration = ({ compiler, textType }) => {
  const { schema } = compiler;
  // Which class the attempts of older rows were of is not known; most had failed.
  const carryOver = sql`update trials set attempts_json = '{"counts":{"failed":' || attempts || '}}' where attempts > 0`;
  return [
    schema.alterTable("trials").addColumn("attempts_json", textType),
    { compile: () => carryOver.compile(compiler) },
    schema.alterTable("trials").dropColumn("attempts"),
    schema.createIndex("requests_by_age").on("requests").columns(["time_ms"]),
  ];
};
