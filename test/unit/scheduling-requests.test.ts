import { describe, expect, test } from "@jest/globals";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import { StorageError } from "../../coordinator/storage/storage.ts";
import { openBench, startEngine, submit } from "../support/scheduling-bench.ts";
import { settle } from "../support/scheduling-clock.ts";
import { withMethods } from "../support/scheduling-storage.ts";
import { requestRecord } from "../support/storage-rows.ts";

const key = "default/first";
const hourMs = 60 * 60 * 1000;

describe("a request that is repeated with its id", () => {
  test("gets the first answer, also together and across a restart", async () => {
    const { engine, storage, clock } = await openBench();
    const first = await submit(engine, { requestId: "create" });
    expect(await submit(engine, { requestId: "create" })).toEqual(first);
    const answers = await Promise.all([1, 2, 3].map(() => engine.controlJob("pause", key, "pause")));
    expect(new Set(answers.map(({ record }) => JSON.stringify(record))).size).toBe(1);
    await engine.controlJob("resume", key, "");
    await engine.stop();
    const next = await startEngine(storage, clock);
    const { record } = await next.controlJob("pause", key, "pause");
    expect(record.state).toBe("paused");
    expect((await next.getJob(key)).record.state).toBe("running");
    await next.stop();
  });

  test("while the first is under way waits for its answer: one job is created", async () => {
    const { engine, storage } = await openBench();
    const answers = await Promise.all([1, 2, 3].map(() => submit(engine, { jobId: "", requestId: "create" })));
    expect(new Set(answers.map(({ key }) => key)).size).toBe(1);
    expect(await storage.openJobs()).toHaveLength(1);
    await engine.stop();
  });

  test("gets the first answer after the job has long ended", async () => {
    const { engine, clock } = await openBench();
    const first = await submit(engine, { requestId: "create" });
    await engine.controlJob("cancel", key, "cancel");
    clock.advance(24 * hourMs);
    await settle();
    expect(await submit(engine, { requestId: "create" })).toEqual(first);
    expect((await engine.controlJob("cancel", key, "cancel")).record.state).toBe("cancelled");
    await engine.stop();
  });

  test("is tried anew where the first was refused", async () => {
    const { engine } = await openBench();
    await submit(engine);
    await expect(engine.controlJob("resume", key, "resume")).rejects.toMatchObject({ code: "failedPrecondition" });
    await engine.controlJob("pause", key, "");
    expect((await engine.controlJob("resume", key, "resume")).record.state).toBe("running");
    await engine.stop();
  });
});

describe("a request with the id of another", () => {
  test("is refused, and changes nothing", async () => {
    const { engine, storage } = await openBench();
    await submit(engine, { requestId: "id" });
    const refusal = { code: "invalid", fields: [{ field: "request_id" }] };
    await expect(engine.controlJob("pause", key, "id")).rejects.toMatchObject(refusal);
    await expect(submit(engine, { jobId: "second", requestId: "id" })).rejects.toMatchObject(refusal);
    await expect(submit(engine, { requestId: "id", spec: { seed: 8 } })).rejects.toMatchObject(refusal);
    expect((await engine.getJob(key)).record.state).toBe("running");
    expect(await storage.openJobs()).toHaveLength(1);
    await engine.stop();
  });

  test("is refused also while the first is under way", async () => {
    const { engine, storage } = await openBench();
    const [first, other] = await Promise.allSettled([
      submit(engine, { requestId: "id" }),
      submit(engine, { jobId: "second", requestId: "id" }),
    ]);
    expect(first.status).toBe("fulfilled");
    expect(other).toMatchObject({ status: "rejected", reason: { code: "invalid" } });
    expect(await storage.openJobs()).toHaveLength(1);
    await engine.stop();
  });

  test("that is too long is refused", async () => {
    const { engine } = await openBench();
    await submit(engine);
    await expect(engine.controlJob("pause", key, "x".repeat(129))).rejects.toMatchObject({ code: "invalid" });
    await engine.stop();
  });
});

describe("answers", () => {
  test("are kept for a day at least, and forgotten after two, a few at a time", async () => {
    const { engine, storage, clock } = await openBench();
    const startMs = clock.now();
    const ids = Array.from({ length: 500 }, (_, index) => `r${index}`);
    for (const id of ids) await storage.commit([], { ...requestRecord(id), timeMs: startMs });
    const left = async () => (await Promise.all(ids.map((id) => storage.findRequest(id)))).filter(Boolean).length;
    clock.advance(24 * hourMs);
    await settle();
    expect(await left()).toBe(500);
    clock.advance(24 * hourMs);
    const counts = [];
    for (let step = 0; step < 20; step += 1) {
      clock.advance(5_000);
      await settle();
      counts.push(await left());
    }
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(new Set(counts)).toEqual(new Set([500, 300, 100, 0]));
    await engine.stop();
  });

  test("are forgotten later where the store is not at hand, and a batch is not begun before the one under way has ended", async () => {
    let calls = 0;
    let open = (): void => undefined;
    const passed = new Promise<void>((resolve) => (open = resolve));
    const storage = withMethods(createMemoryStorage(), {
      forgetRequests: async () => {
        calls += 1;
        if (calls > 1) return;
        await passed;
        throw new StorageError("unavailable", "as scripted");
      },
    });
    const { engine, clock } = await openBench(storage);
    clock.advance(60_000);
    await settle();
    expect(calls).toBe(1);
    open();
    await settle();
    clock.advance(12_000);
    await settle();
    expect(calls).toBe(2);
    await engine.stop();
  });
});
