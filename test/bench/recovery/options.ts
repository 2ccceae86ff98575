import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { oneOf, wholeNumber } from "../flags.ts";
import { storeKinds, type StoreKind } from "../service/bench-store.ts";

/** What `npm run bench -- recovery` takes. */
export interface RecoveryOptions {
  /** Trials in the store at the first kill. */
  readonly trials: number;
  /** Kills of each store's leader, one after the other. */
  readonly kills: number;
  readonly stores: readonly StoreKind[];
  /** Where stores are made: a folder on a disk. */
  readonly folder: string;
}

/** Throws an Error that names the flag. */
export function parseRecovery(flags: readonly string[]): RecoveryOptions {
  const { values } = parseArgs({
    args: [...flags],
    options: {
      trials: { type: "string", default: "100000" },
      kills: { type: "string", default: "3" },
      stores: { type: "string", default: storeKinds.join() },
      folder: { type: "string", default: tmpdir() },
    },
  });
  return {
    trials: wholeNumber("trials", values.trials, 1),
    kills: wholeNumber("kills", values.kills, 1),
    stores: values.stores.split(",").map((name) => oneOf("stores", name, storeKinds)),
    folder: values.folder,
  };
}
