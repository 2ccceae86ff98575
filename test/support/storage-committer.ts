/**
 * A program that commits to the store it is given until it is killed: `node storage-committer.js URL JOB..`.
 * It says "open" once the store is its own, "JOB SEQ" after each commit that was acknowledged, and
 * "refused CODE", once a job, after the first that was not.
 */
import { writeSync } from "node:fs";

import { openStorage } from "./leading.ts";
import { StorageError } from "../../coordinator/storage/storage.ts";
import { jobCommit, jobRecord, trialRecord } from "./storage-rows.ts";

const [url = "", ...jobs] = process.argv.slice(2);
const storage = await openStorage(url);

/** Blocks until the line is in the pipe: a kill later cannot take it back. */
function say(line: string): void {
  writeSync(1, `${line}\n`);
}

async function commitUntilRefused(job: string): Promise<void> {
  for (let seq = (await storage.readEvents(job, 0)).length; ; seq += 1) {
    const next = seq + 1;
    const changes = {
      record: jobRecord(job, { progressJson: `${next}` }),
      events: [`event ${next} of ${job}`],
      newTrials: [trialRecord(job, next)],
      snapshotJson: next % 7 === 0 ? `snapshot ${next}` : null,
    };
    try {
      await storage.commit([jobCommit(job, seq, changes)], null);
    } catch (error) {
      say(`refused ${error instanceof StorageError ? error.code : String(error)}`);
      return;
    }
    say(`${job} ${next}`);
  }
}

say("open");
await Promise.all(jobs.map(commitUntilRefused));
