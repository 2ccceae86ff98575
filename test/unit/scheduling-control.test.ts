import { describe, expect, test } from "@jest/globals";
import { allTrials, openBench, startEngine, submit } from "../support/scheduling-bench.ts";
import { settle } from "../support/scheduling-clock.ts";
import { smallTable } from "../support/scheduling-table.ts";
import { FakeWorker, lookUp, measured } from "../support/scheduling-worker.ts";

const key = "default/first";

describe("pausing", () => {
  test("stops new leases while trials under way count, and resuming goes on, also across a restart", async () => {
    const { engine, storage, clock } = await openBench();
    await submit(engine);
    const worker = new FakeWorker(engine, "a");
    worker.want(1);
    await settle();
    const { record } = await engine.controlJob("pause", key, "");
    expect(record.state).toBe("paused");
    const { key: lease } = worker.take();
    worker.report(lease, measured(0.5), 3);
    await settle();
    expect(worker.verdictOf(lease)).toBe("accepted");
    expect(worker.leases).toEqual([]);
    await engine.stop();
    const next = await startEngine(storage, clock);
    expect((await next.getJob(key)).record.state).toBe("paused");
    const after = new FakeWorker(next, "a", lookUp(smallTable()));
    after.want(2);
    await settle();
    expect(after.acks).toEqual([]);
    await next.controlJob("resume", key, "");
    for (let turn = 0; (await next.getJob(key)).record.endTimeMs === null && turn < 1000; turn += 1) await settle();
    expect((await next.getJob(key)).record.state).toBe("succeeded");
    await next.stop();
  });

  test("lets the round end, and the next one wait for resuming, also where all workers ask for more", async () => {
    const { engine, storage } = await openBench();
    await submit(engine);
    const worker = new FakeWorker(engine, "a");
    worker.want(30);
    await settle();
    await engine.controlJob("pause", key, "");
    const outcome = lookUp(smallTable());
    while (worker.leases.length > 0) {
      const lease = worker.take();
      worker.report(lease.key, outcome(lease), 1);
    }
    await settle();
    const trials = await allTrials(storage, key);
    expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(["completed"]));
    expect((await storage.listRounds(key, { size: 10, after: null })).items).toEqual([]);
    await engine.controlJob("resume", key, "");
    await settle();
    expect((await storage.listRounds(key, { size: 10, after: null })).items).toHaveLength(1);
    expect(worker.leases.length).toBeGreaterThan(0);
    await engine.stop();
  });

  test("while the wall time ends puts the end off until resuming, also across a restart", async () => {
    const { engine, storage, clock } = await openBench();
    await submit(engine, { spec: { budget: { trials: 30, wallSeconds: 60 } } });
    const worker = new FakeWorker(engine, "a");
    worker.want(1);
    await settle();
    worker.report(worker.take().key, measured(0.5));
    await engine.controlJob("pause", key, "");
    clock.advance(61_000);
    await settle();
    expect((await engine.getJob(key)).record.state).toBe("paused");
    await engine.stop();
    const next = await startEngine(storage, clock);
    await settle();
    expect((await next.getJob(key)).record.state).toBe("paused");
    await next.controlJob("resume", key, "");
    await settle();
    expect((await next.getJob(key)).record.state).toBe("succeeded");
    await next.stop();
  });

  test("does not change what is found", async () => {
    const results: string[] = [];
    for (const pauses of [0, 6]) {
      const { engine } = await openBench();
      await submit(engine);
      new FakeWorker(engine, "a", lookUp(smallTable())).want(2);
      for (let turn = 0; turn < pauses; turn += 1) {
        await engine.controlJob("pause", key, "");
        await settle();
        await engine.controlJob("resume", key, "");
      }
      for (let turn = 0; (await engine.getJob(key)).record.endTimeMs === null && turn < 1000; turn += 1) await settle();
      const { resultJson } = (await engine.getJob(key)).record;
      results.push(JSON.stringify({ ...(JSON.parse(resultJson ?? "") as object), workerBusyFraction: 0 }));
      await engine.stop();
    }
    expect(results[1]).toBe(results[0]);
  });
});

describe("cancelling", () => {
  test("ends the job now: leases are revoked, outcomes are stale", async () => {
    const { engine, storage } = await openBench();
    await submit(engine);
    const worker = new FakeWorker(engine, "a");
    worker.want(2);
    await settle();
    const { record } = await engine.controlJob("cancel", key, "");
    expect(record).toMatchObject({ state: "cancelled", resultJson: null, error: null });
    expect(record.endTimeMs).not.toBeNull();
    expect(worker.revoked).toHaveLength(2);
    const { key: lease } = worker.take();
    worker.report(lease, measured(0.5));
    await settle();
    expect(worker.verdictOf(lease)).toBe("stale");
    expect((await allTrials(storage, key)).every(({ state }) => state === "cancelled")).toBe(true);
    expect(await storage.openJobs()).toEqual([]);
    await engine.stop();
  });

  test("ends the final training, too, without a result", async () => {
    const { engine, storage } = await openBench();
    const { record } = await engine.createJob({
      project: "default",
      jobId: "trained",
      spec: {
        space: "mbconv-small",
        evaluator: { train: { dataset: "fashion-mnist", steps: 5 } },
        budget: { trials: 2 },
        final: { steps: 40, random: 1 },
      },
      files: new Map(),
      requestId: "",
      validateOnly: false,
    });
    const worker = new FakeWorker(engine, "a", null, ["train", "train.final"]);
    worker.want(4);
    await settle();
    for (const lease of worker.leases.splice(0)) worker.report(lease.key, measured(0.5));
    await settle();
    const [final] = worker.leases;
    expect(final?.evaluation).toMatchObject({ steps: 40, part: "test" });
    const cancelled = await engine.controlJob("cancel", record.key, "");
    expect(cancelled.record).toMatchObject({ state: "cancelled", resultJson: null });
    expect(worker.revoked).toEqual(worker.leases.map((lease) => lease.key));
    worker.report(worker.take().key, measured(0.9));
    await settle();
    expect(worker.acks.at(-1)).toMatchObject({ verdict: "stale" });
    const trials = await allTrials(storage, record.key);
    expect(trials.map(({ state }) => state)).toEqual(["completed", "completed", "cancelled", "cancelled"]);
    await engine.stop();
  });
});

describe("a control", () => {
  test("is refused in the wrong state, and for a job that is not there", async () => {
    const { engine } = await openBench();
    await submit(engine);
    const wrong = { code: "failedPrecondition", reason: "WRONG_STATE" };
    await expect(engine.controlJob("resume", key, "")).rejects.toMatchObject(wrong);
    await engine.controlJob("pause", key, "");
    await expect(engine.controlJob("pause", key, "")).rejects.toMatchObject(wrong);
    await engine.controlJob("cancel", key, "");
    for (const action of ["pause", "resume", "cancel"] as const) {
      await expect(engine.controlJob(action, key, "")).rejects.toMatchObject(wrong);
    }
    await expect(engine.controlJob("pause", "default/none", "")).rejects.toMatchObject({ code: "notFound" });
    await engine.stop();
  });
});

describe("creating", () => {
  test("refuses an id that is taken, and makes up ids that are not", async () => {
    const { engine } = await openBench();
    await submit(engine);
    await expect(submit(engine)).rejects.toMatchObject({ code: "alreadyExists" });
    await expect(submit(engine, { jobId: "9 lives" })).rejects.toMatchObject({ code: "invalid" });
    const made = await Promise.all([1, 2, 3].map(() => submit(engine, { jobId: "", spec: { name: "9-lives" } })));
    const keys = made.map((record) => record.key);
    expect(new Set(keys).size).toBe(3);
    expect(keys).toContain("default/job-9-lives");
    for (const made of keys) expect(made).toMatch(/^default\/job-9-lives(-[a-z0-9]+)?$/);
    await engine.stop();
  });
});

describe("watching", () => {
  test("tells the state now, makes changes within a fifth of a second one, and ends with the final state", async () => {
    const { engine, clock } = await openBench();
    await submit(engine);
    const seen: string[] = [];
    let over = false;
    const watching = (async () => {
      for await (const { record, workers } of engine.watchJob(key, new AbortController().signal)) {
        seen.push(`${record.state} ${workers}`);
      }
      over = true;
    })();
    await settle();
    expect(seen).toEqual(["running 0"]);
    const worker = new FakeWorker(engine, "a");
    worker.want(2);
    await engine.controlJob("pause", key, "");
    await settle();
    expect(seen).toEqual(["running 0"]);
    clock.advance(200);
    await settle();
    expect(seen).toEqual(["running 0", "paused 1"]);
    clock.advance(1000);
    await settle();
    expect(seen).toHaveLength(2);
    await engine.controlJob("cancel", key, "");
    await settle();
    expect(seen).toEqual(["running 0", "paused 1", "cancelled 1"]);
    expect(over).toBe(true);
    await watching;
    await engine.stop();
  });

  test("ends when its reader leaves, and says so where the engine stops first", async () => {
    const { engine } = await openBench();
    await submit(engine);
    const leaving = new AbortController();
    const left = engine.watchJob(key, leaving.signal);
    expect((await left.next()).done).toBe(false);
    leaving.abort();
    expect((await left.next()).done).toBe(true);
    const cut = engine.watchJob(key, new AbortController().signal);
    expect((await cut.next()).done).toBe(false);
    await engine.stop();
    await expect(cut.next()).rejects.toMatchObject({ code: "unavailable" });
    await expect(engine.watchJob(key, leaving.signal).next()).rejects.toMatchObject({ code: "unavailable" });
  });
});
