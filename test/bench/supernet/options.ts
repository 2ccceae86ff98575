import { parseArgs } from "node:util";
import { oneOf, wholeNumber } from "../flags.ts";

const studies = ["winners", "schedules", "ranking", "rounds"] as const;

/** What `npm run bench -- supernet` takes. */
export interface SupernetOptions {
  readonly studies: readonly (typeof studies)[number][];
  /** Of the jobs of the studies by seeds. */
  readonly seeds: readonly number[];
  /** Where what was found is kept. */
  readonly out: string;
}

/** Throws an Error that names the flag. */
export function parseSupernet(flags: readonly string[]): SupernetOptions {
  const { values } = parseArgs({
    args: [...flags],
    options: {
      study: { type: "string" },
      seeds: { type: "string", default: "1,2,3" },
      out: { type: "string", default: "runs/bench-supernet" },
    },
  });
  return {
    studies: values.study === undefined ? studies : [oneOf("study", values.study, studies)],
    seeds: values.seeds.split(",").map((seed) => wholeNumber("seeds", seed, 0)),
    out: values.out,
  };
}
