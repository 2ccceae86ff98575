import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { openStorage } from "../../coordinator/storage/open-storage.ts";

const committer = fileURLToPath(new URL("../../dist/test/support/storage-committer.js", import.meta.url));
const jobs = ["p/a", "p/b", "p/c", "q/d", "q/e"];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fpnas-kill-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("a SQLite store whose process is killed with -9 amid commits", () => {
  test("is locked while that lives, free at once after, and holds all that was acknowledged, each commit whole", async () => {
    const url = `sqlite:${join(folder, "store.db")}`;
    let acknowledged: ReadonlyMap<string, number> = new Map(jobs.map((job) => [job, 0]));
    for (const commits of [1, 200, 333]) {
      acknowledged = new Map([...acknowledged, ...(await commitUntilKilled(url, commits))]);
      await expectKept(url, acknowledged);
    }
  }, 60_000);
});

/** Lets a process commit, and kills it after so many acknowledgements; gives the last one of each job. */
async function commitUntilKilled(url: string, commits: number): Promise<ReadonlyMap<string, number>> {
  const child = spawn(process.execPath, [committer, url, ...jobs], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const last = new Map<string, number>();
  let seen = 0;
  try {
    // Lines that were in the pipe before the kill are read to their end: they count too.
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === "open") {
        await expect(openStorage(url)).rejects.toMatchObject({ name: "StorageError", code: "busy" });
        continue;
      }
      const [job = "", seq] = line.split(" ");
      last.set(job, Number(seq));
      seen += 1;
      if (seen === commits) child.kill("SIGKILL");
    }
  } finally {
    child.kill("SIGKILL");
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
  expect(seen).toBeGreaterThanOrEqual(commits);
  return last;
}

async function expectKept(url: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const storage = await openStorage(url);
  try {
    for (const [job, seq] of acknowledged) {
      const events = await storage.readEvents(job, 0);
      // One more commit a job may be durable that the kill kept from being acknowledged.
      expect([seq, seq + 1]).toContain(events.length);
      expect(events).toEqual(events.map((_, index) => [index + 1, `event ${index + 1} of ${job}`]));
      const trials = await storage.openTrials(job);
      expect(trials.map(({ trial }) => trial)).toEqual(events.map(([number]) => number));
      const closed = events.length - (events.length % 7);
      expect(await storage.readSnapshot(job)).toEqual(
        closed === 0 ? null : { seq: closed, json: `snapshot ${closed}` },
      );
      const record = await storage.getJob(job);
      expect(record?.progressJson).toBe(events.length === 0 ? undefined : `${events.length}`);
    }
  } finally {
    await storage.close();
  }
}
