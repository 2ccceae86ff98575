import { describe, expect, test } from "@jest/globals";
import { attemptsOf, benchWithJob, firstJob, lease } from "../support/first-job.ts";
import { leaseTtlMs, startEngine } from "../support/scheduling-bench.ts";
import { settle } from "../support/scheduling-clock.ts";
import { failed, FakeWorker, measured } from "../support/scheduling-worker.ts";

describe("an outcome that comes after its lease expired", () => {
  test("counts where the trial still waits: the measurement is not thrown away, and has its effect once", async () => {
    const { engine, storage, clock } = await benchWithJob();
    const worker = new FakeWorker(engine, "a");
    const given = await lease(worker);
    worker.leave();
    clock.advance(2 * leaseTtlMs);
    await settle();
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "pending" });
    const { busyMs } = (await storage.getTrial(firstJob, 1))!;
    const back = new FakeWorker(engine, "a");
    for (let time = 1; time <= 3; time += 1) back.report(given, measured(0.5));
    await settle();
    expect(back.acks.map(({ verdict }) => verdict)).toEqual(["accepted", "accepted", "accepted"]);
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({
      state: "completed",
      leaseToken: 1,
      failureReason: null,
      busyMs,
    });
    const completed = (await storage.readEvents(firstJob, 0)).filter(([, text]) => text.includes("trialCompleted"));
    expect(completed).toHaveLength(1);
    expect((await lease(new FakeWorker(engine, "b"))).trial).toBe(2);
    await engine.stop();
  });

  test("counts, and not the lease that was on its way meanwhile", async () => {
    const { engine, storage, clock } = await benchWithJob();
    const worker = new FakeWorker(engine, "a");
    const given = await lease(worker);
    clock.advance(2 * leaseTtlMs);
    await settle();
    const other = new FakeWorker(engine, "b");
    worker.report(given, measured(0.5));
    other.want(1);
    await settle();
    expect(worker.verdictOf(given)).toBe("accepted");
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "completed", leaseToken: 1 });
    expect(other.leases.map((next) => next.key.trial)).toEqual([2]);
    await engine.stop();
  });

  test("is stale once the trial has been leased again, and does not disturb that lease", async () => {
    const { engine, storage, clock } = await benchWithJob();
    const worker = new FakeWorker(engine, "a");
    const given = await lease(worker);
    clock.advance(2 * leaseTtlMs);
    await settle();
    const other = new FakeWorker(engine, "b");
    const second = await lease(other);
    worker.report(given, measured(0.9));
    other.report(second, measured(0.5));
    worker.report(given, measured(0.9));
    await settle();
    expect(worker.acks.map(({ verdict }) => verdict)).toEqual(["stale", "stale"]);
    expect(other.verdictOf(second)).toBe("accepted");
    const { measurementJson } = (await storage.getTrial(firstJob, 1))!;
    expect(JSON.parse(measurementJson!)).toMatchObject({ accuracy: 0.5 });
    await engine.stop();
  });

  test("counts where it says that the network cannot be evaluated, and not where it would be tried again", async () => {
    const { engine, storage, clock } = await benchWithJob();
    const worker = new FakeWorker(engine, "a");
    const given = await lease(worker);
    clock.advance(2 * leaseTtlMs);
    await settle();
    worker.report(given, failed("internal"));
    await settle();
    expect(worker.verdictOf(given)).toBe("stale");
    expect((await attemptsOf(storage)).counts).toMatchObject({ lost: 1, failed: 0 });
    worker.report(given, failed("infeasible"));
    await settle();
    expect(worker.verdictOf(given)).toBe("accepted");
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "infeasible" });
    await engine.stop();
  });

  test("counts after a restart of the coordinator, too", async () => {
    const { engine, storage, clock } = await benchWithJob();
    const given = await lease(new FakeWorker(engine, "a"));
    await engine.stop();
    const next = await startEngine(storage, clock);
    clock.advance(2 * leaseTtlMs);
    await settle();
    const back = new FakeWorker(next, "a");
    back.report(given, measured(0.5));
    await settle();
    expect(back.verdictOf(given)).toBe("accepted");
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "completed" });
    await next.stop();
  });

  test("has no effect where the worker itself has ended that attempt", async () => {
    const { engine, storage } = await benchWithJob();
    const worker = new FakeWorker(engine, "a");
    const given = await lease(worker);
    worker.report(given, failed("preempted"));
    worker.report(given, measured(1));
    await settle();
    expect(worker.acks.map(({ verdict }) => verdict)).toEqual(["accepted", "stale"]);
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "pending", measurementJson: null });
    await engine.stop();
  });

  test("of trials in any order has the same effect: outcomes of one worker may overtake each other", async () => {
    const rows: unknown[] = [];
    for (const reversed of [false, true]) {
      const { engine, storage } = await benchWithJob();
      const worker = new FakeWorker(engine, "a");
      worker.want(4);
      await settle();
      const given = worker.leases.splice(0);
      for (const { key: each } of reversed ? given.reverse() : given) worker.report(each, measured(each.trial / 10));
      await settle();
      expect(worker.acks.every(({ verdict }) => verdict === "accepted")).toBe(true);
      const trials = await Promise.all([1, 2, 3, 4].map((trial) => storage.getTrial(firstJob, trial)));
      rows.push(trials.map((row) => [row?.state, row?.measurementJson]));
      await engine.stop();
    }
    expect(rows[1]).toEqual(rows[0]);
  });
});
