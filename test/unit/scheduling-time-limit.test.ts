import { describe, expect, test } from "@jest/globals";
import type { LeaseKey } from "../../coordinator/scheduling/worker-session.ts";
import { attemptsOf, firstJob, lease } from "../support/first-job.ts";
import { leaseTtlMs, openBench, startEngine, submit } from "../support/scheduling-bench.ts";
import { settle, type FakeClock } from "../support/scheduling-clock.ts";
import { failed, FakeWorker, measured } from "../support/scheduling-worker.ts";

describe("a lease with a time limit", () => {
  const spec = { evaluator: { tabular: { table: "small.json" }, timeLimitSeconds: 100 } };

  /** Renews the lease for so long. */
  async function renewFor(ms: number, worker: FakeWorker, given: LeaseKey, clock: FakeClock): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += 10_000) {
      clock.advance(Math.min(10_000, ms - passedMs));
      worker.renew(given);
      await settle();
    }
  }

  test("tells its worker, and is revoked where it is renewed for a time to live beyond", async () => {
    const { engine, storage, clock } = await openBench();
    await submit(engine, { spec });
    const worker = new FakeWorker(engine, "a");
    worker.want(1);
    await settle();
    const { key: given, evaluation } = worker.take();
    expect(evaluation.timeLimitMs).toBe(100_000);
    await renewFor(100_000 + leaseTtlMs - 1, worker, given, clock);
    expect(worker.revoked).toEqual([]);
    await renewFor(leaseTtlMs / 5, worker, given, clock);
    expect(worker.revoked).toContainEqual(given);
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({
      ...{ state: "pending", failureReason: "timed_out", failureDetail: "worker a went on past the time limit" },
    });
    expect((await attemptsOf(storage)).counts).toMatchObject({ timedOut: 1, lost: 0 });
    // Its worker says so itself, too late: that is the same end. A measurement is no longer wanted.
    worker.report(given, failed("timed_out"));
    worker.report(given, measured(0.5));
    await settle();
    expect(worker.acks.map(({ verdict }) => verdict)).toEqual(["accepted", "stale"]);
    expect((await attemptsOf(storage)).counts).toMatchObject({ timedOut: 1 });
    await engine.stop();
  });

  test("is lost, not timed out, where its worker falls silent", async () => {
    const { engine, storage, clock } = await openBench();
    await submit(engine, { spec });
    await lease(new FakeWorker(engine, "a"));
    clock.advance(1_000_000);
    await settle();
    expect((await attemptsOf(storage)).counts).toMatchObject({ timedOut: 0, lost: 1 });
    await engine.stop();
  });

  test("keeps its limit across a restart, and lives for a whole time to live after it in any case", async () => {
    const { engine, storage, clock } = await openBench();
    await submit(engine, { spec });
    const given = await lease(new FakeWorker(engine, "a"));
    await engine.stop();
    clock.advance(200_000);
    const next = await startEngine(storage, clock);
    const worker = new FakeWorker(next, "a");
    await renewFor(leaseTtlMs - 1, worker, given, clock);
    expect(worker.revoked).toEqual([]);
    await renewFor(leaseTtlMs / 5, worker, given, clock);
    expect(worker.revoked).toContainEqual(given);
    expect((await attemptsOf(storage)).counts).toMatchObject({ timedOut: 1 });
    await next.stop();
  });

  test.each([-3_600_000, 3_600_000])("is not changed by a clock that is set by %d ms", async (ms) => {
    const { engine, storage, clock } = await openBench();
    await submit(engine, { spec });
    const worker = new FakeWorker(engine, "a");
    const given = await lease(worker);
    clock.set(ms);
    await renewFor(100_000, worker, given, clock);
    expect(worker.revoked).toEqual([]);
    await renewFor(leaseTtlMs * 1.5, worker, given, clock);
    expect(worker.revoked).toContainEqual(given);
    expect((await attemptsOf(storage)).counts).toMatchObject({ timedOut: 1 });
    await engine.stop();
  });
});
