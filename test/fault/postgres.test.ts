import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";

import { openStore } from "../../coordinator/storage/open-store.ts";
import type { Store } from "../../coordinator/storage/leadership.ts";
import type { StorageReader } from "../../coordinator/storage/storage.ts";
import { PostgresServer } from "../support/postgres-server.ts";
import { jobCommit } from "../support/storage-rows.ts";

const program = fileURLToPath(new URL("../../dist/test/support/leading-committer.js", import.meta.url));
const job = "p/a";
const unending = new AbortController().signal;

let server: PostgresServer;
let url: string;
let store: Store;
let children: Committer[];

/** A process that leads and commits, and what it said. */
interface Committer {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  readonly lines: string[];
  /** Resolves with the line that begins so, once it was said. */
  heard(start: string): Promise<string>;
  /** Kills it with -9, and resolves when all it said is in `lines`. */
  kill(): Promise<void>;
}

beforeAll(async () => {
  server = await PostgresServer.start();
});

beforeEach(async () => {
  url = await server.createDatabase();
  store = await openStore(url);
  children = [];
});

afterEach(async () => {
  for (const child of children) await child.kill();
  await store.close();
});

afterAll(() => server.stop());

function start(): Committer {
  const child = spawn(process.execPath, [program, url, job], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const silent = once(reader, "close");
  const committer: Committer = {
    process: child,
    lines,
    heard: async (prefix) => {
      for (;;) {
        const line = lines.find((said) => said.startsWith(prefix));
        if (line !== undefined) return line;
        await once(reader, "line");
      }
    },
    kill: async () => {
      child.kill("SIGKILL");
      await silent;
    },
  };
  children.push(committer);
  return committer;
}

/** The number of the last commit that was acknowledged. */
function acknowledged({ lines }: Committer): number {
  return Number(lines.findLast((line) => line.startsWith("committed"))?.split(" ")[1] ?? 0);
}

/** Expects all commits up to a number, each whole, and at most one more, which nobody was told of. */
async function expectKept(reader: StorageReader, last: number): Promise<number> {
  const events = await reader.readEvents(job, 0);
  expect(events.length - last).toBeGreaterThanOrEqual(0);
  expect(events.length - last).toBeLessThanOrEqual(1);
  expect(events).toEqual(events.map((_, index) => [index + 1, `{${index + 1}}`]));
  expect((await reader.openTrials(job)).map(({ trial }) => trial)).toEqual(events.map(([seq]) => seq));
  return events.length;
}

describe("a leader on PostgreSQL", () => {
  test("that is killed with -9 is followed by the one that waits, which finds all that was acknowledged", async () => {
    const first = start();
    await first.heard("leads 1");
    const second = start();
    await first.heard("committed 50");
    await first.kill();
    await second.heard("leads 2");
    await second.heard(`committed ${acknowledged(first) + 20}`);
    await second.kill();

    const { storage, term } = await store.lead("here:1", unending);
    expect(term).toBe(3);
    await expectKept(storage, acknowledged(second));
  });

  test("that is stopped is followed too, and once it goes on it is refused and changes nothing", async () => {
    const frozen = start();
    await frozen.heard("committed 50");
    frozen.process.kill("SIGSTOP");
    const { storage, term } = await store.lead("here:1", unending);
    expect(term).toBe(2);
    const seq = (await storage.readEvents(job, 0)).length;
    await storage.commit([jobCommit(job, seq, { events: ["{mine}"] })], null);

    frozen.process.kill("SIGCONT");
    expect(await frozen.heard("refused")).toBe("refused deposed");
    await frozen.heard("lost");
    expect((await storage.readEvents(job, seq)).map(([, json]) => json)).toEqual(["{mine}"]);
    expect(await store.leader()).toEqual({ term: 2, address: "here:1" });
  });
});
