import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { leasesHeld } from "../../../worker/runner-leases.ts";
import { oneOf, wholeNumber } from "../flags.ts";
import { storeKinds, type StoreKind } from "../service/bench-store.ts";

/** What `npm run bench -- orchestration` takes. */
export interface OrchestrationOptions {
  /** Trials of the long job. */
  readonly trials: number;
  /** Simulated workers, one row each. */
  readonly workers: readonly number[];
  /** Leases that a worker holds at a time, one row each: 1 as where networks are trained, 16 as where they are looked up. */
  readonly held: readonly number[];
  /** Where our trials are kept. */
  readonly store: StoreKind;
  /** Seconds that each row is measured for. */
  readonly seconds: number;
  /** Where stores are made: a folder on a disk. */
  readonly folder: string;
  /** For the coordinators' Node, such as `--cpu-prof`. */
  readonly nodeArgs: readonly string[];
  /** Which parts are run. */
  readonly parts: readonly OrchestrationPart[];
}

const parts = ["throughput", "peers", "flat", "fleet"] as const;

/** Trials a second by number of workers; beside other services; one long job; 1,000 workers at a steady rate. */
export type OrchestrationPart = (typeof parts)[number];

/** Throws an Error that names the flag. */
export function parseOrchestration(flags: readonly string[]): OrchestrationOptions {
  const { values } = parseArgs({
    args: [...flags],
    options: {
      trials: { type: "string", default: "100000" },
      workers: { type: "string", default: "1,4,64,1000" },
      held: { type: "string", default: Object.values(leasesHeld).sort().join() },
      store: { type: "string", default: "sqlite" },
      seconds: { type: "string", default: "10" },
      folder: { type: "string", default: tmpdir() },
      "node-arg": { type: "string", multiple: true, default: [] },
      parts: { type: "string", default: parts.join() },
    },
  });
  return {
    trials: wholeNumber("trials", values.trials, 20_000),
    workers: values.workers.split(",").map((text) => wholeNumber("workers", text, 1)),
    held: values.held.split(",").map((text) => wholeNumber("held", text, 1)),
    store: oneOf("store", values.store, storeKinds),
    seconds: wholeNumber("seconds", values.seconds, 1),
    folder: values.folder,
    nodeArgs: values["node-arg"],
    parts: values.parts.split(",").map((name) => oneOf("parts", name, parts)),
  };
}
