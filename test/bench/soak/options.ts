import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { wholeNumber } from "../flags.ts";

/** What `npm run bench -- soak` takes. */
export interface SoakOptions {
  readonly minutes: number;
  /** Where the store is made: a folder on a disk. */
  readonly folder: string;
}

/** Throws an Error that names the flag. */
export function parseSoak(flags: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...flags],
    options: { minutes: { type: "string", default: "30" }, folder: { type: "string", default: tmpdir() } },
  });
  return { minutes: wholeNumber("minutes", values.minutes, 6), folder: values.folder };
}
