import { describe, expect, test } from "@jest/globals";
import { allTrials, leaseTtlMs, openBench, startEngine, submit } from "../support/scheduling-bench.ts";
import { settle } from "../support/scheduling-clock.ts";
import { withMethods } from "../support/scheduling-storage.ts";
import { smallTable } from "../support/scheduling-table.ts";
import { FakeWorker, lookUp, measured } from "../support/scheduling-worker.ts";

const key = "default/first";

async function bench(): Promise<Awaited<ReturnType<typeof openBench>>> {
  const opened = await openBench();
  await submit(opened.engine);
  return opened;
}

describe("a lease", () => {
  test("goes to one worker at a time, in order of the trials' numbers, one a worker in turn", async () => {
    const { engine } = await bench();
    const [a, b] = [new FakeWorker(engine, "a"), new FakeWorker(engine, "b")];
    a.want(3);
    b.want(1);
    await settle();
    const given = [...a.leases, ...b.leases].map((lease) => lease.key.trial).sort((x, y) => x - y);
    expect(given).toEqual([1, 2, 3, 4]);
    expect(a.leases).toHaveLength(3);
    await engine.stop();
  });

  test("is durable before its worker hears of it", async () => {
    const { engine, storage } = await bench();
    const worker = new FakeWorker(engine, "a");
    worker.want(1);
    await settle();
    const { key: lease } = worker.take();
    expect(await storage.getTrial(key, lease.trial)).toMatchObject({ state: "leased", leaseToken: 1, workerId: "a" });
    await engine.stop();
  });

  test("that is renewed lives on, and one that is not expires and goes to another worker", async () => {
    const { engine, storage, clock } = await bench();
    const [a, b] = [new FakeWorker(engine, "a"), new FakeWorker(engine, "b")];
    a.want(2);
    await settle();
    const [kept, lost] = [a.take().key, a.take().key];
    for (let step = 0; step < 4; step += 1) {
      clock.advance(leaseTtlMs / 3);
      a.renew(kept);
      await settle();
    }
    expect(a.revoked).toEqual([lost]);
    b.want(1);
    await settle();
    expect(b.take().key).toEqual({ ...lost, token: 2 });
    a.report(lost, measured(0.9));
    a.report(kept, measured(0.5));
    a.renew(lost);
    await settle();
    expect(a.verdictOf(lost)).toBe("stale");
    expect(a.verdictOf(kept)).toBe("accepted");
    expect(a.revoked).toEqual([lost, lost]);
    expect(await storage.getTrial(key, lost.trial)).toMatchObject({ state: "leased", leaseToken: 2 });
    await engine.stop();
  });

  test("of a worker that left goes on, and its outcome counts when the worker is back", async () => {
    const { engine } = await bench();
    const before = new FakeWorker(engine, "a");
    before.want(1);
    await settle();
    const { key: lease } = before.take();
    before.leave();
    const after = new FakeWorker(engine, "a");
    after.report(lease, measured(0.5));
    await settle();
    expect(after.verdictOf(lease)).toBe("accepted");
    await engine.stop();
  });

  test("under way to a worker that has just left waits for another, uncounted", async () => {
    const { engine, storage } = await bench();
    const gone = new FakeWorker(engine, "a");
    gone.want(1);
    gone.leave();
    await settle();
    expect(gone.leases).toEqual([]);
    const [first] = await allTrials(storage, key);
    expect(first).toMatchObject({ state: "pending", attemptsJson: null });
    const next = new FakeWorker(engine, "b");
    next.want(1);
    await settle();
    expect(next.take().key.trial).toBe(1);
    await engine.stop();
  });

  test("is extended where the coordinator itself stood still", async () => {
    const { engine, clock } = await bench();
    const worker = new FakeWorker(engine, "a");
    worker.want(1);
    await settle();
    const { key: lease } = worker.take();
    clock.freeze(10 * leaseTtlMs);
    clock.advance(1);
    await settle();
    expect(worker.revoked).toEqual([]);
    worker.report(lease, measured(0.5));
    await settle();
    expect(worker.verdictOf(lease)).toBe("accepted");
    await engine.stop();
  });
});

describe("after a restart", () => {
  test("a lease keeps its token for one whole time to live, and its worker goes on", async () => {
    const { engine, storage, clock } = await bench();
    const before = new FakeWorker(engine, "a");
    before.want(1);
    await settle();
    const { key: lease } = before.take();
    clock.advance(leaseTtlMs / 2);
    await engine.stop();
    expect(before.endedWith).toMatchObject({ code: "unavailable" });
    const next = await startEngine(storage, clock);
    clock.advance(leaseTtlMs - 1);
    await settle();
    const after = new FakeWorker(next, "a");
    after.renew(lease);
    clock.advance(leaseTtlMs - 1);
    await settle();
    after.report(lease, measured(0.5));
    await settle();
    expect(after.revoked).toEqual([]);
    expect(after.verdictOf(lease)).toBe("accepted");
    await next.stop();
  });

  test("a lease that nobody speaks of expires without being counted", async () => {
    const { engine, storage, clock } = await bench();
    const before = new FakeWorker(engine, "a");
    before.want(1);
    await settle();
    await engine.stop();
    const next = await startEngine(storage, clock);
    clock.advance(leaseTtlMs + leaseTtlMs / 10);
    await settle();
    expect(await storage.getTrial(key, 1)).toMatchObject({ state: "pending", attemptsJson: null, leaseToken: 1 });
    await next.stop();
  });

  test("a clock that is set back while a coordinator starts puts no lease's end off", async () => {
    const { engine, storage, clock } = await bench();
    const a = new FakeWorker(engine, "a");
    a.want(1);
    await settle();
    const lease = a.take().key;
    await engine.stop();
    const slow = withMethods(storage, {
      openTrials: (job) => {
        clock.set(-3_600_000);
        return storage.openTrials(job);
      },
    });
    const next = await startEngine(slow, clock);
    const b = new FakeWorker(next, "b");
    b.want(64);
    clock.advance(1.2 * leaseTtlMs);
    await settle();
    expect(b.leases.map(({ key: { trial, token } }) => `${trial} ${token}`)).toContain(`${lease.trial} 2`);
    await next.stop();
  });

  test("an outcome that was acknowledged before is acknowledged again, and counts once", async () => {
    const { engine, storage, clock } = await bench();
    const before = new FakeWorker(engine, "a");
    before.want(1);
    await settle();
    const { key: lease } = before.take();
    before.report(lease, measured(0.5));
    await settle();
    const events = (await storage.readEvents(key, 0)).length;
    await engine.stop();
    const next = await startEngine(storage, clock);
    const after = new FakeWorker(next, "a");
    after.report(lease, measured(0.5));
    await settle();
    expect(after.verdictOf(lease)).toBe("accepted");
    expect(await storage.readEvents(key, 0)).toHaveLength(events);
    await next.stop();
  });
});

describe("fairness", () => {
  test("jobs take turns, and a worker gets only what its evaluators can do", async () => {
    const { engine } = await bench();
    await submit(engine, { jobId: "second" });
    const trainer = new FakeWorker(engine, "trainer", null, ["train"]);
    trainer.want(8);
    const worker = new FakeWorker(engine, "a");
    worker.want(6);
    await settle();
    expect(trainer.leases).toEqual([]);
    expect(worker.leases.map((lease) => lease.key.job)).toEqual(
      expect.arrayContaining(["default/first", "default/second"]),
    );
    expect(worker.leases.filter((lease) => lease.key.job === key)).toHaveLength(3);
    await engine.stop();
  });

  test("both of two jobs come to their end with one worker", async () => {
    const { engine } = await bench();
    await submit(engine, { jobId: "second" });
    const worker = new FakeWorker(engine, "a", lookUp(smallTable()));
    worker.want(3);
    for (const job of [key, "default/second"]) {
      for (let turn = 0; (await engine.getJob(job)).record.endTimeMs === null && turn < 1000; turn += 1) await settle();
      expect((await engine.getJob(job)).record.state).toBe("succeeded");
    }
    await engine.stop();
  });

  test("a worker's new stream takes the place of its old one", async () => {
    const { engine } = await bench();
    const before = new FakeWorker(engine, "a");
    before.want(1);
    await settle();
    const after = new FakeWorker(engine, "a");
    expect(before.endedWith).toMatchObject({ code: "aborted" });
    const { record, workers } = await engine.getJob(key);
    expect([record.state, workers]).toEqual(["running", 1]);
    after.want(1);
    await settle();
    expect(after.leases).toHaveLength(1);
    await engine.stop();
  });

  test("a worker that never registered gets no stream", async () => {
    const { engine } = await bench();
    const stream = { send: () => undefined, end: () => undefined };
    expect(() => engine.openSession("stranger", stream)).toThrow("call Register first");
    await engine.stop();
  });
});

describe("an outcome", () => {
  test("that comes twice counts once", async () => {
    const { engine, storage } = await bench();
    const worker = new FakeWorker(engine, "a");
    worker.want(1);
    await settle();
    const { key: lease } = worker.take();
    worker.report(lease, measured(0.5));
    worker.report(lease, measured(0.5));
    await settle();
    worker.report(lease, measured(0.5));
    await settle();
    expect(worker.acks.map(({ verdict }) => verdict)).toEqual(["accepted", "accepted", "accepted"]);
    const completed = (await storage.readEvents(key, 0)).filter(([, text]) => text.includes("trialCompleted"));
    expect(completed).toHaveLength(1);
    await engine.stop();
  });

  test.each([
    ["an accuracy above 1", { accuracy: 1.5, steps: 0, extra: {} }],
    ["an accuracy that is no number", { accuracy: NaN, steps: 0, extra: {} }],
    ["a loss that is no number", { accuracy: 0.5, loss: NaN, steps: 0, extra: {} }],
    ["an infinite figure", { accuracy: 0.5, steps: 0, extra: { speed: Infinity } }],
  ])("with %s is rejected, and its trial fails", async (_, measurement) => {
    const { engine, storage } = await bench();
    const worker = new FakeWorker(engine, "a");
    worker.want(1);
    await settle();
    const { key: lease } = worker.take();
    worker.report(lease, { type: "measurement", measurement });
    await settle();
    worker.report(lease, { type: "measurement", measurement });
    await settle();
    expect(worker.acks.map(({ verdict }) => verdict)).toEqual(["rejected", "rejected"]);
    expect(await storage.getTrial(key, lease.trial)).toMatchObject({ state: "failed", failureReason: "internal" });
    await engine.stop();
  });

  test("of a lease that never was is stale", async () => {
    const { engine } = await bench();
    const worker = new FakeWorker(engine, "a");
    const strangers = [
      { job: key, trial: 1, token: 7 },
      { job: key, trial: 999, token: 1 },
      { job: "default/other", trial: 1, token: 1 },
    ];
    for (const stranger of strangers) worker.report(stranger, measured(0.5));
    await settle();
    expect(worker.acks.map(({ verdict }) => verdict)).toEqual(["stale", "stale", "stale"]);
    await engine.stop();
  });

  test("that repeats the job's last is accepted after the job has ended", async () => {
    const { engine } = await bench();
    const worker = new FakeWorker(engine, "a", lookUp(smallTable()));
    worker.want(1);
    for (let turn = 0; (await engine.getJob(key)).record.endTimeMs === null && turn < 1000; turn += 1) await settle();
    const last = worker.acks.at(-1)!.key;
    const before = worker.acks.length;
    worker.report(last, measured(0.5));
    await settle();
    expect(worker.acks.slice(before)).toEqual([{ key: last, verdict: "accepted" }]);
    await engine.stop();
  });
});
