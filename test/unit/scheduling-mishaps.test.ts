import { describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import { Engine } from "../../coordinator/scheduling/engine.ts";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import type { Storage } from "../../coordinator/storage/storage.ts";
import { faultyStorage, type Fault } from "../support/faulty-storage.ts";
import { leaseTtlMs, openBench, submit } from "../support/scheduling-bench.ts";
import { FakeClock, settle } from "../support/scheduling-clock.ts";
import { withMethods } from "../support/scheduling-storage.ts";
import { FakeWorker, measured } from "../support/scheduling-worker.ts";

const key = "default/first";

/** A gate that calls wait at until it is opened. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open: () => open() };
}

/** A store whose commits fail while `isDown` says so. */
function failing(inner: Storage, isDown: () => boolean): Storage {
  return faultyStorage(inner, () => (isDown() ? "failsBefore" : null)).storage;
}

/** An engine whose log is kept. */
async function startLogged(storage: Storage): Promise<{ engine: Engine; clock: FakeClock; log: () => string }> {
  const lines: string[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const clock = new FakeClock();
  return { engine: await Engine.start({ storage, clock, logger, leaseTtlMs }), clock, log: () => lines.join("") };
}

describe("while the store is unavailable", () => {
  test("a lease that expires is told once, however long that lasts", async () => {
    let down = false;
    const inner = createMemoryStorage();
    const { engine, clock, log } = await startLogged(failing(inner, () => down));
    await submit(engine);
    const worker = new FakeWorker(engine, "a");
    worker.want(1);
    await settle();
    down = true;
    for (let step = 0; step < 100; step += 1) {
      clock.advance(leaseTtlMs / 5);
      await settle();
    }
    expect(log().match(/lease expired/g)).toHaveLength(1);
    down = false;
    clock.advance(5_000);
    await settle();
    expect(await inner.getTrial(key, 1)).toMatchObject({ state: "pending", leaseToken: 1 });
    worker.want(1);
    await settle();
    clock.advance(2 * leaseTtlMs);
    await settle();
    expect(await inner.getTrial(key, 1)).toMatchObject({ state: "pending", leaseToken: 2 });
    await engine.stop();
  });

  test("a lease that is stored although the store said otherwise is known, also where its worker has left", async () => {
    const inner = createMemoryStorage();
    let fault: Fault | null = null;
    const { engine, clock } = await startLogged(faultyStorage(inner, () => fault).storage);
    await submit(engine);
    const left = new FakeWorker(engine, "left");
    fault = "failsAfter";
    left.want(1);
    await settle();
    expect(await inner.getTrial(key, 1)).toMatchObject({ state: "leased", leaseToken: 1 });
    left.leave();
    fault = null;
    clock.advance(5_000);
    await settle();
    expect(await inner.getTrial(key, 1)).toMatchObject({ state: "pending", leaseToken: 1 });
    const next = new FakeWorker(engine, "next");
    next.want(1);
    await settle();
    expect(next.take().key).toMatchObject({ trial: 1, token: 2 });
    await engine.stop();
  });

  test("the engine can be stopped, and does not call that a failure", async () => {
    let down = false;
    const { engine, log } = await startLogged(failing(createMemoryStorage(), () => down));
    await submit(engine);
    const worker = new FakeWorker(engine, "a");
    worker.want(1);
    await settle();
    down = true;
    worker.report(worker.take().key, measured(0.5));
    await settle();
    await engine.stop();
    expect(await Promise.race([engine.failed, Promise.resolve("no failure")])).toBe("no failure");
    expect(log()).not.toContain('"level":60');
  });
});

describe("a clock that is set", () => {
  test.each([
    ["back", -3_600_000],
    ["forward", 3_600_000],
  ])("%s by an hour neither keeps the lease of a dead worker alive nor ends that of a living one", async (_, ms) => {
    const { engine, clock } = await openBench();
    await submit(engine);
    const [living, dead] = [new FakeWorker(engine, "a"), new FakeWorker(engine, "b")];
    living.want(1);
    dead.want(1);
    await settle();
    const { key: kept } = living.take();
    clock.set(ms);
    for (let step = 0; step < 6; step += 1) {
      clock.advance(leaseTtlMs / 3);
      living.renew(kept);
      await settle();
    }
    expect(living.revoked).toEqual([]);
    expect(dead.revoked).toHaveLength(1);
    await engine.stop();
  });
});

describe("an engine that stops", () => {
  test("while a job is being created leaves no timer of it behind", async () => {
    const inner = createMemoryStorage();
    const held = gate();
    const storage = withMethods(inner, {
      commit: async (jobs, request) => {
        await held.passed;
        await inner.commit(jobs, request);
      },
    });
    const { engine, clock } = await openBench(storage);
    const created = submit(engine, { spec: { budget: { trials: 5, wallSeconds: 1000 } } });
    await settle();
    const stopped = engine.stop();
    held.open();
    expect((await created).state).toBe("running");
    await stopped;
    expect(clock.waiting).toBe(0);
  });

  test("writes nothing that was asked for but not begun", async () => {
    const inner = createMemoryStorage();
    const held = gate();
    const storage = withMethods(inner, {
      findRequest: async (id) => {
        await held.passed;
        return await inner.findRequest(id);
      },
    });
    const { engine } = await openBench(storage);
    await submit(engine);
    const paused = engine.controlJob("pause", key, "once");
    const created = submit(engine, { jobId: "second", requestId: "twice" });
    await settle();
    const stopped = engine.stop();
    held.open();
    await expect(paused).rejects.toMatchObject({ code: "unavailable" });
    await expect(created).rejects.toMatchObject({ code: "unavailable" });
    await stopped;
    expect(await inner.getJob(key)).toMatchObject({ state: "running" });
    expect(await inner.getJob("default/second")).toBeNull();
  });
});

describe("a worker that leaves in order", () => {
  test("is given no lease that was under way, and its credit does not come back", async () => {
    const { engine, storage } = await openBench();
    await submit(engine);
    const [leaving, other] = [new FakeWorker(engine, "a"), new FakeWorker(engine, "b")];
    leaving.want(2);
    leaving.drain();
    await settle();
    expect(leaving.leases).toEqual([]);
    expect(await storage.getTrial(key, 1)).toMatchObject({ state: "pending", leaseToken: 0 });
    other.want(2);
    await settle();
    expect(other.leases.map((lease) => lease.key.trial)).toEqual([1, 2]);
    expect(leaving.leases).toEqual([]);
    await engine.stop();
  });
});
