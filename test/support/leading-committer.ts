/**
 * A coordinator's storage, and nothing else of it: `node leading-committer.js URL JOB` waits until it leads and commits
 * to the job from then on, until it is killed or deposed. It says "leads TERM", "committed SEQ" after each commit that
 * was acknowledged, "lost" when it hears that its leadership is gone, and "refused CODE" after the commit that was refused.
 */
import { writeSync } from "node:fs";

import { openStore } from "../../coordinator/storage/open-store.ts";
import type { Storage } from "../../coordinator/storage/storage.ts";
import { StorageError } from "../../coordinator/storage/storage.ts";
import { jobCommit, jobRecord, trialRecord } from "./storage-rows.ts";

const [url = "", job = ""] = process.argv.slice(2);
const store = await openStore(url);
const { term, storage, lost } = await store.lead("leading-committer:1", new AbortController().signal);
say(`leads ${term}`);
void lost.then(() => say("lost"));
await commitUntilRefused(storage);
await store.close();

/** Blocks until the line is in the pipe: a kill later cannot take it back. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function commitUntilRefused(to: Storage): Promise<void> {
  for (;;) {
    try {
      await commitNext(to);
    } catch (error) {
      if (error instanceof StorageError && error.code === "unavailable") continue; // as the engine does
      say(`refused ${error instanceof StorageError ? error.code : String(error)}`);
      return;
    }
  }
}

/** Reads first, as after a failure nobody knows whether it was stored. */
async function commitNext(to: Storage): Promise<void> {
  const next = (await to.readEvents(job, 0)).length + 1;
  const changes = { record: jobRecord(job), events: [`{${next}}`], newTrials: [trialRecord(job, next)] };
  await to.commit([jobCommit(job, next - 1, changes)], null);
  say(`committed ${next}`);
}
