import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import type { LeaseKey } from "../../coordinator/scheduling/worker-session.ts";
import { quarantineAfter, retryBudgets } from "../../coordinator/scheduling/retry.ts";
import { attemptsOf, benchWithJob, firstJob, lease } from "../support/first-job.ts";
import { leaseTtlMs, startEngine } from "../support/scheduling-bench.ts";
import { settle, type FakeClock } from "../support/scheduling-clock.ts";
import { failed, FakeWorker } from "../support/scheduling-worker.ts";

describe("an attempt", () => {
  test.each(["nan_loss", "infeasible", "unknown_operation"] as const)(
    "that failed for %s ends its trial at once",
    async (reason) => {
      const { engine, storage } = await benchWithJob();
      const worker = new FakeWorker(engine, "a");
      const first = await lease(worker);
      worker.report(first, failed(reason));
      worker.report(first, failed(reason));
      await settle();
      expect(worker.acks.map(({ verdict }) => verdict)).toEqual(["accepted", "accepted"]);
      const state = reason === "infeasible" ? "infeasible" : "failed";
      expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state, failureReason: reason });
      expect((await attemptsOf(storage)).counts[reason === "infeasible" ? "infeasible" : "failed"]).toBe(1);
      await engine.stop();
    },
  );

  test.each([
    ["out_of_memory", "failed"],
    ["data_unavailable", "failed"],
    ["internal", "failed"],
    ["timed_out", "timedOut"],
    ["preempted", "preempted"],
  ] as const)(
    "that ended with %s is followed by another until the budget of its class is used up",
    async (reason, group) => {
      const { engine, storage } = await benchWithJob();
      const worker = new FakeWorker(engine, "a");
      const budget = retryBudgets[group];
      for (let attempt = 1; attempt <= budget; attempt += 1) {
        const row = await storage.getTrial(firstJob, 1);
        expect(row).toMatchObject({ state: "pending" });
        worker.want(1);
        while (worker.leases.length === 0) await new Promise((resolve) => setImmediate(resolve));
        const { key: given } = worker.take();
        expect(given).toEqual({ job: firstJob, trial: 1, token: attempt });
        worker.report(given, failed(reason));
        while (worker.verdictOf(given) === undefined) await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "failed", failureReason: reason });
      expect((await attemptsOf(storage)).counts).toMatchObject({ [group]: budget });
      expect((await engine.getJob(firstJob)).record.state).toBe("running");
      await engine.stop();
    },
  );

  test("uses up the budget of its own class only", async () => {
    const { engine, storage } = await benchWithJob();
    const worker = new FakeWorker(engine, "a");
    for (const reason of ["internal", "timed_out", "preempted", "out_of_memory", "preempted"] as const) {
      worker.report(await lease(worker), failed(reason));
      await settle();
    }
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "pending", leaseToken: 5 });
    expect((await attemptsOf(storage)).counts).toEqual({
      ...{ preempted: 2, lost: 0, failed: 2, infeasible: 0, timedOut: 1 },
    });
    await engine.stop();
  });

  test("of which nothing was heard is lost, and so is its trial once that budget is used up", async () => {
    const { engine, storage, clock } = await benchWithJob();
    // Its stream stays open: whatever is wrong with it, it is not dead.
    const worker = new FakeWorker(engine, "a");
    for (let attempt = 1; attempt <= retryBudgets.lost; attempt += 1) {
      expect(await lease(worker)).toMatchObject({ trial: 1, token: attempt });
      clock.advance(2 * leaseTtlMs);
      await settle();
    }
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({
      ...{ state: "failed", failureReason: "lost", failureDetail: "no word from worker a", measurementJson: null },
    });
    expect(await attemptsOf(storage)).toMatchObject({ counts: { lost: retryBudgets.lost }, tookDown: [] });
    await engine.stop();
  });

  test.each(["lost", "quarantined"] as const)("is never %s by a worker's word", async (reason) => {
    const { engine, storage } = await benchWithJob();
    const worker = new FakeWorker(engine, "a");
    const given = await lease(worker);
    worker.report(given, failed(reason));
    await settle();
    expect(worker.verdictOf(given)).toBe("rejected");
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "failed", failureReason: "internal" });
    await engine.stop();
  });
});

describe("a network that takes its workers down", () => {
  /** A worker that takes the first trial that waits and dies of it. */
  async function die(engine: Engine, clock: FakeClock, workerId: string): Promise<LeaseKey> {
    const worker = new FakeWorker(engine, workerId);
    const given = await lease(worker);
    worker.leave();
    clock.advance(leaseTtlMs + leaseTtlMs / 10);
    await settle();
    return given;
  }

  test("is quarantined with the third: its trial fails, names them, and goes to nobody else", async () => {
    const { engine, storage, clock } = await benchWithJob();
    for (const worker of ["w1", "w2", "w3"]) expect((await die(engine, clock, worker)).trial).toBe(1);
    expect(quarantineAfter).toBe(3);
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({
      ...{ state: "failed", failureReason: "quarantined", measurementJson: null },
      failureDetail: "the network took down 3 workers: w1, w2, w3",
    });
    const failedEvents = (await storage.readEvents(firstJob, 0)).filter(([, text]) => text.includes("trialFailed"));
    expect(failedEvents.map(([, text]) => JSON.parse(text) as unknown)).toEqual([
      { type: "trialFailed", trial: 1, reason: "quarantined" },
    ]);
    expect((await lease(new FakeWorker(engine, "w4"))).trial).toBe(2);
    expect((await engine.getJob(firstJob)).record.state).toBe("running");
    await engine.stop();
  });

  test("is quarantined also where the coordinator was started again in between", async () => {
    const { engine, storage, clock } = await benchWithJob();
    await die(engine, clock, "w1");
    await die(engine, clock, "w2");
    await engine.stop();
    const next = await startEngine(storage, clock);
    await die(next, clock, "w3");
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "failed", failureReason: "quarantined" });
    await next.stop();
  });

  test("is told from workers that were cut off: one that comes back, however late, died of nothing", async () => {
    const { engine, storage, clock } = await benchWithJob();
    for (const worker of ["w1", "w2", "w3", "w4"]) {
      const given = await die(engine, clock, worker);
      expect(given.trial).toBe(1);
      expect((await attemptsOf(storage)).tookDown).toEqual([worker]);
      const back = new FakeWorker(engine, worker);
      back.renew(given);
      await settle();
      expect(back.revoked).toEqual([given]);
      expect((await attemptsOf(storage)).tookDown).toEqual([]);
    }
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "pending" });
    expect((await attemptsOf(storage)).counts.lost).toBe(4);
    await engine.stop();
  });

  test("is not looked for among several that a worker held when it broke off", async () => {
    const { engine, storage, clock } = await benchWithJob();
    const worker = new FakeWorker(engine, "a");
    worker.want(2);
    await settle();
    worker.leave();
    clock.advance(2 * leaseTtlMs);
    await settle();
    for (const trial of [1, 2]) {
      expect(await attemptsOf(storage, trial)).toMatchObject({ counts: { lost: 1 }, tookDown: [] });
    }
    await engine.stop();
  });

  test("is not suspected where its worker was back in time, but then fell silent", async () => {
    const { engine, storage, clock } = await benchWithJob();
    const before = new FakeWorker(engine, "a");
    const given = await lease(before);
    before.leave();
    const after = new FakeWorker(engine, "a");
    after.renew(given);
    clock.advance(2 * leaseTtlMs);
    await settle();
    expect(await attemptsOf(storage)).toMatchObject({ counts: { lost: 1 }, tookDown: [] });
    await engine.stop();
  });
});

describe("a lease that says nothing of its trial is not counted", () => {
  test("where the coordinator was started again and nobody spoke of it", async () => {
    const { engine, storage, clock } = await benchWithJob();
    let serving = engine;
    for (let restart = 1; restart <= 10; restart += 1) {
      await lease(new FakeWorker(serving, `w${restart}`));
      await serving.stop();
      serving = await startEngine(storage, clock);
      clock.advance(2 * leaseTtlMs);
      await settle();
    }
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "pending", leaseToken: 10, attemptsJson: null });
    await serving.stop();
  });

  test("where its worker had left before it was told", async () => {
    const { engine, storage } = await benchWithJob();
    for (let turn = 1; turn <= 10; turn += 1) {
      const worker = new FakeWorker(engine, `w${turn}`);
      worker.want(1);
      worker.leave();
      await settle();
    }
    expect(await storage.getTrial(firstJob, 1)).toMatchObject({ state: "pending", attemptsJson: null });
    await engine.stop();
  });
});

test("docs/reliability.md tells every budget as it is", () => {
  const page = readFileSync(new URL("../../docs/reliability.md", import.meta.url), "utf8");
  for (const [group, budget] of Object.entries(retryBudgets)) {
    const row = page.split("\n").find((line) => line.startsWith(`| ${group === "timedOut" ? "timed out" : group} `));
    expect(row?.split("|").at(-2)?.trim()).toBe(budget.toLocaleString("en"));
  }
  expect(page).toContain(`${quarantineAfter} workers`);
});
