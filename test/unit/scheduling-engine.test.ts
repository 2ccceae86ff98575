import { describe, expect, test } from "@jest/globals";
import { Engine } from "../../coordinator/scheduling/engine.ts";
import type { JobResult } from "../../spec/result.ts";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import { StorageError } from "../../coordinator/storage/storage.ts";
import { allTrials, openBench, silent, leaseTtlMs, startEngine, submit } from "../support/scheduling-bench.ts";
import { FakeClock, settle } from "../support/scheduling-clock.ts";
import { ended } from "../support/scheduling-ended.ts";
import { faultyStorage } from "../support/faulty-storage.ts";
import { withMethods } from "../support/scheduling-storage.ts";
import { sha256, smallTable, tabularSpec } from "../support/scheduling-table.ts";
import { FakeWorker, lookUp, measured } from "../support/scheduling-worker.ts";

const key = "default/first";
const table = smallTable();

describe("a job", () => {
  test("goes from its submission to a result, every outcome accepted", async () => {
    const { engine, storage } = await openBench();
    await submit(engine);
    const worker = new FakeWorker(engine, "w1", lookUp(table));
    worker.want(2);
    const result = await ended(engine, key);
    expect(result).toMatchObject({
      job: "projects/default/jobs/first",
      seed: 7,
      algorithm: "fp-nas",
      space: "small",
      trials: 30,
      network: { tableRow: { tableSha256: sha256(table), arms: result.arms } },
      macs: 100 + 10 * result.arms.reduce((sum, arm) => sum + arm, 0),
    });
    expect(result.measurement.accuracy).toBeGreaterThan(0.8);
    expect(result).not.toHaveProperty("final");
    expect(result).not.toHaveProperty("comparisons");
    expect(new Set(worker.acks.map(({ verdict }) => verdict))).toEqual(new Set(["accepted"]));
    const trials = await allTrials(storage, key);
    expect(trials.map(({ state }) => state)).toEqual(Array.from({ length: 30 }, () => "completed"));
    const rounds = await storage.listRounds(key, { size: 1000, after: null });
    expect(rounds.items).toHaveLength(result.rounds);
    await engine.stop();
  });

  test("finds the same with one worker and with four", async () => {
    const results = [];
    for (const workers of [1, 4]) {
      const { engine } = await openBench();
      await submit(engine);
      for (let index = 0; index < workers; index += 1)
        new FakeWorker(engine, `w${index}`, lookUp(table)).want(index + 1);
      results.push(JSON.stringify({ ...(await ended(engine, key)), workerBusyFraction: 0 }));
      await engine.stop();
    }
    expect(results[0]).toBe(results[1]);
  });

  test("serves a draw of a network that was evaluated before from its trial", async () => {
    const { engine, storage } = await openBench();
    await submit(engine);
    new FakeWorker(engine, "w1", lookUp(table)).want(4);
    const result = await ended(engine, key);
    const hashes = (await allTrials(storage, key)).map(({ networkHash }) => networkHash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(result.draws).toBeGreaterThan(result.trials);
    await engine.stop();
  });

  test("fails where nothing could be measured, and says why", async () => {
    const { engine } = await openBench();
    await submit(engine, {
      table: smallTable((arms) => arms[0] !== 0 || arms[1] !== 0),
      spec: { budget: { trials: 40 } },
    });
    new FakeWorker(engine, "w1", () => ({ type: "failure", reason: "infeasible", detail: "" })).want(8);
    for (let turn = 0; (await engine.getJob(key)).record.endTimeMs === null && turn < 10_000; turn += 1) await settle();
    const { record } = await engine.getJob(key);
    expect(record).toMatchObject({ state: "failed", resultJson: null });
    expect(record.error).toContain("infeasible");
    await engine.stop();
  });

  test("ends at its wall time, counted from its creation, also across a restart", async () => {
    const { engine, storage, clock } = await openBench();
    await submit(engine, { spec: { budget: { trials: 60, wallSeconds: 100 } } });
    const worker = new FakeWorker(engine, "w1");
    worker.want(1);
    await settle();
    worker.report(worker.take().key, measured(0.6), 1);
    await settle();
    clock.advance(60_000);
    await engine.stop();
    const next = await startEngine(storage, clock);
    clock.advance(39_999);
    await settle();
    expect((await next.getJob(key)).record.state).toBe("running");
    clock.advance(1);
    await settle();
    const { record } = await next.getJob(key);
    expect(record.state).toBe("succeeded");
    expect((JSON.parse(record.resultJson ?? "") as JobResult).wallSeconds).toBe(100);
    await next.stop();
  });

  test("tells how much of its workers' time it used", async () => {
    const { engine, clock } = await openBench();
    await submit(engine, { spec: { budget: { trials: 60, wallSeconds: 20 } } });
    const worker = new FakeWorker(engine, "w1");
    worker.want(1);
    await settle();
    const { key: lease } = worker.take();
    clock.advance(5000);
    worker.report(lease, measured(0.6));
    await settle();
    clock.advance(15_000);
    await settle();
    const result = JSON.parse((await engine.getJob(key)).record.resultJson ?? "") as JobResult;
    expect(result.workerBusyFraction).toBe(0.25);
    await engine.stop();
  });

  test("whose search throws fails alone", async () => {
    const inner = createMemoryStorage();
    let spoil = false;
    const storage = withMethods(inner, {
      findTrials: (job, hashes) => (spoil ? Promise.reject(new TypeError("spoilt")) : inner.findTrials(job, hashes)),
    });
    const { engine } = await openBench(storage);
    await submit(engine);
    spoil = true;
    new FakeWorker(engine, "w1", lookUp(table)).want(30);
    for (let turn = 0; (await engine.getJob(key)).record.endTimeMs === null && turn < 10_000; turn += 1) await settle();
    expect((await engine.getJob(key)).record).toMatchObject({ state: "failed", error: "the search failed: spoilt" });
    spoil = false;
    await submit(engine, { jobId: "second" });
    await ended(engine, "default/second");
    await engine.stop();
  });
});

describe("a final training", () => {
  test("trains answer, random and largest network alike on the test part, and stands in the result", async () => {
    const { engine } = await openBench();
    const { record } = await engine.createJob({
      project: "default",
      jobId: "",
      spec: {
        name: "trained",
        space: "mbconv-small",
        evaluator: { train: { dataset: "fashion-mnist", steps: 5 } },
        budget: { trials: 12 },
        final: { steps: 40, random: 2, largest: true },
      },
      files: new Map(),
      requestId: "",
      validateOnly: false,
    });
    const evaluations: unknown[] = [];
    const train = new FakeWorker(
      engine,
      "w1",
      ({ key: { trial }, evaluation }) => {
        evaluations.push(evaluation);
        const accuracy = 0.5 + trial / 100;
        const steps = evaluation.type === "train" ? evaluation.steps : 0;
        // The second random network runs out of memory each time.
        return trial === 15
          ? { type: "failure", reason: "out_of_memory", detail: "" }
          : { type: "measurement", measurement: { accuracy, steps, extra: {} } };
      },
      ["train", "train.final"],
    );
    train.want(1);
    const result = await ended(engine, record.key);
    expect(record.key).toBe("default/trained");
    expect(result.final).toEqual({ accuracy: 0.63, steps: 40, part: "test" });
    expect(result.comparisons).toMatchObject([
      { role: "random", accuracy: 0.64 },
      { role: "random", failure: "out_of_memory" },
      { role: "largest", accuracy: 0.66 },
    ]);
    expect(evaluations[0]).toMatchObject({ type: "train", steps: 5, part: "validation", dataset: "fashion-mnist" });
    expect(evaluations.at(-1)).toMatchObject({ type: "train", steps: 40, part: "test", evalExamples: 0 });
    expect(new Set(evaluations.map((evaluation) => (evaluation as { seed: number }).seed)).size).toBe(1);
    await engine.stop();
  });
});

describe("an engine", () => {
  test("takes a job whose files are gone as failed, and goes on with the others", async () => {
    const inner = createMemoryStorage();
    const first = await openBench(inner);
    await submit(first.engine);
    await submit(first.engine, { jobId: "second", table: smallTable((arms) => arms[0] === 2) });
    await first.engine.stop();
    const storage = withMethods(inner, {
      getFile: (hash) => (hash === sha256(table) ? Promise.resolve(null) : inner.getFile(hash)),
    });
    const { engine } = await openBench(storage);
    const { record } = await engine.getJob(key);
    expect(record.state).toBe("failed");
    expect(record.error).toContain("small.json");
    expect((await allTrials(inner, key)).every(({ state }) => state === "cancelled")).toBe(true);
    expect((await engine.getJob("default/second")).record.state).toBe("running");
    await engine.stop();
  });

  test("gives up, and ends every stream, when another has written to its store", async () => {
    const { engine, storage } = await openBench();
    await submit(engine);
    const worker = new FakeWorker(engine, "w1");
    worker.want(1);
    await settle();
    const rival = await openBench(storage, new FakeClock());
    await rival.engine.controlJob("pause", key, "");
    worker.report(worker.take().key, measured(0.6));
    const error = await engine.failed;
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ code: "conflict" });
    expect(worker.endedWith).toMatchObject({ code: "unavailable" });
    expect(worker.acks).toEqual([]);
    await expect(engine.getJob(key)).rejects.toMatchObject({ code: "unavailable" });
    await engine.stop();
    await rival.engine.stop();
  });

  test("leaves no timer behind when it stops", async () => {
    const { engine, clock } = await openBench();
    await submit(engine, { spec: { budget: { trials: 5, wallSeconds: 1000 } } });
    expect(clock.waiting).toBeGreaterThan(0);
    await engine.stop();
    expect(clock.waiting).toBe(0);
    await expect(submit(engine)).rejects.toMatchObject({ code: "unavailable" });
  });

  test("waits for a store that is unavailable, then goes on", async () => {
    let down = false;
    const { storage } = faultyStorage(createMemoryStorage(), () => (down ? "failsBefore" : null));
    const clock = new FakeClock();
    const engine = await Engine.start({ storage, clock, logger: silent, leaseTtlMs });
    await submit(engine);
    const worker = new FakeWorker(engine, "w1");
    worker.want(1);
    await settle();
    down = true;
    const { key: lease } = worker.take();
    worker.report(lease, measured(0.6));
    for (let step = 0; step < 20; step += 1) {
      clock.advance(5000);
      await settle();
    }
    expect(worker.acks).toEqual([]);
    down = false;
    clock.advance(5000);
    await settle();
    expect(worker.verdictOf(lease)).toBe("accepted");
    await engine.stop();
  });

  test("only checks a job with validateOnly", async () => {
    const { engine, storage } = await openBench();
    await engine.putFile(sha256(table), table);
    const job = { project: "default", jobId: "", spec: tabularSpec(), requestId: "", validateOnly: true };
    const { record } = await engine.createJob({ ...job, files: new Map([["small.json", sha256(table)]]) });
    expect(record).toMatchObject({ key: "default/small", state: "running" });
    expect(await storage.getJob("default/small")).toBeNull();
    await expect(engine.createJob({ ...job, files: new Map() })).rejects.toMatchObject({ code: "failedPrecondition" });
    await engine.stop();
  });
});
