import { describe, expect, test } from "@jest/globals";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import { faultyStorage, seededFaults, passingFaults, type Fault } from "../support/faulty-storage.ts";
import { openBench, submit } from "../support/scheduling-bench.ts";
import { settle } from "../support/scheduling-clock.ts";
import { ended } from "../support/scheduling-ended.ts";
import { smallTable } from "../support/scheduling-table.ts";
import { FakeWorker, lookUp, measured } from "../support/scheduling-worker.ts";

const key = "default/first";

/** An engine on a store whose commits suffer what `fault` holds at the time. */
async function openFaulty() {
  const fault: { now: Fault | null } = { now: null };
  const inner = createMemoryStorage();
  const { storage, commits } = faultyStorage(inner, () => fault.now);
  return { ...(await openBench(storage)), inner, fault, commits };
}

describe("while the disk is full", () => {
  test("a job stands still without an error, tries again with back-off, and goes on to its end once there is room", async () => {
    const { engine, clock, inner, fault, commits } = await openFaulty();
    await submit(engine);
    const worker = new FakeWorker(engine, "a");
    worker.want(1);
    await settle();
    const { key: lease } = worker.take();
    const before = await inner.getJob(key);
    fault.now = "diskFull";
    worker.report(lease, measured(0.6), 1);
    await settle();
    const first = commits();
    for (let minute = 0; minute < 60; minute += 1) {
      clock.advance(60_000);
      worker.renew(lease);
      await settle();
    }
    // Nobody was told of what is not durable; one try a wait, and waits of seconds at the longest.
    expect(worker.acks).toEqual([]);
    expect(await inner.getJob(key)).toEqual(before);
    expect((await engine.getJob(key)).record.state).toBe("running");
    expect(commits() - first).toBeGreaterThan(50);
    expect(commits() - first).toBeLessThanOrEqual(61);

    fault.now = null;
    clock.advance(5_000);
    await settle();
    expect(worker.verdictOf(lease)).toBe("accepted");
    worker.leave();
    new FakeWorker(engine, "b", lookUp(smallTable())).want(1);
    for (let step = 0; step < 100; step += 1) {
      clock.advance(60_000);
      await settle();
    }
    expect((await ended(engine, key)).trials).toBe(30);
    await engine.stop();
  });

  test("a job that is created waits for room, and is there once, also for those who ask again", async () => {
    const { engine, clock, inner, fault } = await openFaulty();
    fault.now = "diskFull";
    const asked = [submit(engine, { requestId: "once" }), submit(engine, { requestId: "once" })];
    await settle();
    expect(await inner.getJob(key)).toBeNull();
    fault.now = null;
    for (let step = 0; step < 5; step += 1) {
      clock.advance(5_000);
      await settle();
    }
    const [one, other] = await Promise.all(asked);
    expect(other).toEqual(one);
    expect((await inner.listJobs("default", { size: 9, after: null })).items).toHaveLength(1);
    await engine.stop();
  });
});

test("where waiting does not help the engine ends with the cause, and workers and researchers hear of it", async () => {
  const { engine, clock, inner, fault, commits } = await openFaulty();
  await submit(engine);
  const worker = new FakeWorker(engine, "a");
  worker.want(1);
  await settle();
  const before = await inner.readEvents(key, 0);
  fault.now = "broken";
  const { key: lease } = worker.take();
  worker.report(lease, measured(0.6));
  expect(await engine.failed).toMatchObject({ name: "StorageError", code: "corrupt" });
  expect(worker.acks).toEqual([]);
  expect(worker.endedWith).toMatchObject({ code: "unavailable" });
  await expect(engine.controlJob("pause", key, "")).rejects.toMatchObject({ code: "unavailable" });
  const tries = commits();
  clock.advance(60_000);
  await settle();
  expect(commits()).toBe(tries);
  expect(await inner.readEvents(key, 0)).toEqual(before);
  await engine.stop();
});

describe("a schedule of faults", () => {
  test("is the same for the same seed, another for another, and as dense as asked", () => {
    const draw = (seed: number, share: number) =>
      Array.from({ length: 2_000 }, (_, index) => seededFaults(seed, share, passingFaults)(index + 1, []));
    expect(draw(1, 0.3)).toEqual(draw(1, 0.3));
    expect(draw(1, 0.3)).not.toEqual(draw(2, 0.3));
    const hit = draw(1, 0.3).filter((fault) => fault !== null);
    expect(hit.length).toBeGreaterThan(500);
    expect(hit.length).toBeLessThan(700);
    expect(new Set(hit)).toEqual(new Set(passingFaults));
    expect(draw(1, 0).every((fault) => fault === null)).toBe(true);
  });
});
