import { parseArgs } from "node:util";
import type { Precision } from "../../../network/evaluation.ts";
import { fleetSpaceNames, type FleetSpaceName } from "../../simulation/fleet/fleet-space.ts";
import { oneOf, wholeNumber } from "../flags.ts";

/** What `npm run bench -- fleet` takes. */
export interface FleetOptions {
  readonly workers: number;
  readonly spaces: readonly FleetSpaceName[];
  readonly localSteps: readonly number[];
  readonly speeds: readonly number[];
  readonly precision: Precision;
  readonly drawsPerWorker: number;
  readonly updateAfter: number;
  readonly inFlight: number;
}

/** Throws an Error that names the flag. */
export function parseFleet(flags: readonly string[]): FleetOptions {
  const { values } = parseArgs({
    args: [...flags],
    options: {
      workers: { type: "string", default: "64" },
      spaces: { type: "string", default: fleetSpaceNames.join(",") },
      "local-steps": { type: "string", default: "1,4,16" },
      speeds: { type: "string", default: "1,10,50" },
      precision: { type: "string", default: "float32" },
      draws: { type: "string", default: "20" },
      "update-after": { type: "string" },
      "in-flight": { type: "string" },
    },
  });
  const workers = wholeNumber("workers", values.workers, 1);
  const list = (flag: string, text: string): number[] => text.split(",").map((each) => wholeNumber(flag, each, 1));
  return {
    workers,
    spaces: values.spaces.split(",").map((name) => oneOf("spaces", name, fleetSpaceNames)),
    localSteps: list("local-steps", values["local-steps"]),
    speeds: list("speeds", values.speeds),
    precision: oneOf("precision", values.precision, ["float32", "float16"]),
    drawsPerWorker: wholeNumber("draws", values.draws, 1),
    updateAfter: wholeNumber("update-after", values["update-after"] ?? String(Math.ceil(1.25 * workers)), 1),
    inFlight: wholeNumber("in-flight", values["in-flight"] ?? String(4 * workers), 1),
  };
}
