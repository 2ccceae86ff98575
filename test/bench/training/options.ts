import { parseArgs } from "node:util";
import { wholeNumber } from "../flags.ts";
import type { Race } from "./contestant.ts";

/** What `npm run bench -- training` takes. */
export interface TrainingOptions extends Race {
  /** Every program on the first core alone. */
  readonly oneCore: boolean;
  /** Whether Python's programs take part. */
  readonly peers: boolean;
}

/** Throws an Error that names the flag. */
export function parseTraining(flags: readonly string[]): TrainingOptions {
  const { values } = parseArgs({
    args: [...flags],
    options: {
      "stem-stride": { type: "string", default: "1" },
      batch: { type: "string", default: "64" },
      seconds: { type: "string", default: "10" },
      "one-core": { type: "boolean", default: false },
      "no-peers": { type: "boolean", default: false },
    },
  });
  return {
    stemStride: wholeNumber("stem-stride", values["stem-stride"], 1),
    batch: wholeNumber("batch", values.batch, 1),
    seconds: wholeNumber("seconds", values.seconds, 1),
    oneCore: values["one-core"],
    peers: !values["no-peers"],
  };
}
