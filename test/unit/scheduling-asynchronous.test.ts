import { describe, expect, test } from "@jest/globals";
import type { JobResult } from "../../spec/result.ts";
import { allTrials, openBench, submit } from "../support/scheduling-bench.ts";
import { settle } from "../support/scheduling-clock.ts";
import { replayLog } from "../support/scheduling-replay.ts";
import { smallTable } from "../support/scheduling-table.ts";
import { FakeWorker, lookUp } from "../support/scheduling-worker.ts";

const key = "default/first";
const table = smallTable();
const look = lookUp(table);
const trials = 64;

/** Eight workers, of which worker W takes W + 1 turns for a trial. */
async function work(stage: object): Promise<{ idle: number; result: JobResult; stored: string; replayed: string }> {
  const { engine, storage } = await openBench();
  const stages = [{ name: "only", slots: "factorized", ...stage }];
  await submit(engine, { spec: { algorithm: { name: "fp-nas-archive" }, stages, budget: { trials } } });
  const workers = Array.from({ length: 8 }, (_, index) => new FakeWorker(engine, `w${index}`));
  for (const worker of workers) worker.want(1);
  await settle();
  let idle = 0;
  for (let turn = 1; (await engine.getJob(key)).record.endTimeMs === null && turn < 1000; turn += 1) {
    const { length: created } = await allTrials(storage, key);
    // At the end of the budget there is nothing left to wait for.
    if (created < trials) idle += workers.filter(({ leases }) => leases.length === 0).length;
    for (const [index, worker] of workers.entries()) {
      if (turn % (index + 1) !== 0 || worker.leases.length === 0) continue;
      const lease = worker.take();
      worker.report(lease.key, look(lease), 1);
    }
    await settle();
  }
  const { record } = await engine.getJob(key);
  expect(record.state).toBe("succeeded");
  const verdicts = workers.flatMap(({ acks }) => acks.map(({ verdict }) => verdict));
  expect(new Set(verdicts)).toEqual(new Set(["accepted"]));
  expect(verdicts).toHaveLength(trials);
  const log = await replayLog(storage, key);
  await engine.stop();
  return { idle, result: JSON.parse(record.resultJson ?? "") as JobResult, ...log };
}

describe("eight workers of unequal speed", () => {
  test("never wait for a round in an asynchronous stage, and learn from every trial", async () => {
    const { idle, result, stored, replayed } = await work({ updateAfter: 2, inFlight: 10 });
    expect(idle).toBe(0);
    expect(result).toMatchObject({ trials, uniqueNetworks: trials });
    expect(result.rounds).toBeGreaterThan(20);
    expect(result.measurement.accuracy).toBeGreaterThan(0.85);
    expect(replayed).toBe(stored);
  });

  test("wait for the slowest in a synchronous one", async () => {
    const { idle, result, stored, replayed } = await work({});
    expect(idle).toBeGreaterThan(8);
    expect(result.trials).toBe(trials);
    expect(replayed).toBe(stored);
  });
});
