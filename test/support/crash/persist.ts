import { setTimeout as sleep } from "node:timers/promises";

import type { FpnasClient } from "../../../client/client.ts";
import { FpnasError } from "../../../client/errors.ts";
import type { Job } from "../../../client/types.ts";

/** Asks again while the coordinator is away, some ten seconds long. */
export async function persist<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof FpnasError) || error.code !== "unreachable" || tries >= 100) throw error;
      await sleep(100);
    }
  }
}

/** The job once it has ended. */
export async function watchToEnd(client: FpnasClient, name: string): Promise<Job> {
  let last: Job | null = null;
  for await (const job of client.watchJob(name)) last = job;
  if (last === null) throw new Error(`there was nothing to watch of ${name}`);
  return last;
}
