import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { openStorage } from "../support/leading.ts";

const committer = fileURLToPath(new URL("../../dist/test/support/storage-committer.js", import.meta.url));
const jobs = ["p/a", "p/b", "p/c", "q/d", "q/e"];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fpnas-kill-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("a SQLite store", () => {
  test("whose process is killed with -9 is locked till then, free at once after, and holds all acknowledged commits whole", async () => {
    const url = `sqlite:${join(folder, "store.db")}`;
    let acknowledged: ReadonlyMap<string, number> = new Map(jobs.map((job) => [job, 0]));
    for (const commits of [1, 200, 333]) {
      const child = spawn(process.execPath, [committer, url, ...jobs], { stdio: ["ignore", "pipe", "inherit"] });
      const heard = await listen(child, async (line, acknowledgements) => {
        if (line === "open") await expect(openStorage(url)).rejects.toMatchObject({ code: "busy" });
        if (acknowledgements === commits) child.kill("SIGKILL");
      });
      expect(heard.exit).toEqual([null, "SIGKILL"]);
      acknowledged = new Map([...acknowledged, ...heard.acknowledged]);
      await expectKept(url, acknowledged, 1);
    }
  });

  test("that cannot grow refuses commits as unavailable, and holds all it acknowledged and nothing else", async () => {
    const url = `sqlite:${join(folder, "store.db")}`;
    // No file may be longer than half a MiB; without the trap the signal of it would end the process.
    const limited = 'trap "" XFSZ; ulimit -f 1024; exec "$0" "$@"';
    const child = spawn("sh", ["-c", limited, process.execPath, committer, url, ...jobs], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const heard = await listen(child, () => Promise.resolve());
    expect(heard.exit).toEqual([0, null]);
    expect(heard.refusals).toEqual(jobs.map(() => "unavailable"));
    await expectKept(url, heard.acknowledged, 0);
  });
});

/** What a committing process said until it ended. */
interface Heard {
  /** The last number acknowledged, by job. */
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly refusals: readonly string[];
  readonly exit: unknown[];
}

/** Hears a process out; what was in the pipe before its end counts too. */
async function listen(
  child: ChildProcessByStdio<null, Readable, null>,
  onLine: (line: string, acknowledgements: number) => Promise<void>,
): Promise<Heard> {
  const exited = once(child, "exit");
  const acknowledged = new Map<string, number>();
  const refusals: string[] = [];
  let acknowledgements = 0;
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const [word = "", value = ""] = line.split(" ");
      if (word === "refused") refusals.push(value);
      else if (word !== "open") {
        acknowledged.set(word, Number(value));
        acknowledgements += 1;
      }
      await onLine(line, acknowledgements);
    }
  } finally {
    child.kill("SIGKILL");
  }
  return { acknowledged, refusals, exit: await exited };
}

/** Expects every acknowledged commit, whole and in order, and at most `unheard` more a job, which nobody was told of. */
async function expectKept(url: string, acknowledged: ReadonlyMap<string, number>, unheard: number): Promise<void> {
  const storage = await openStorage(url);
  try {
    for (const [job, seq] of acknowledged) {
      const events = await storage.readEvents(job, 0);
      expect(events.length).toBeGreaterThanOrEqual(seq);
      expect(events.length).toBeLessThanOrEqual(seq + unheard);
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
