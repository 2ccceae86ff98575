import { describe, expect, test } from "@jest/globals";
import type { TrainedWeights } from "../../network/measurement.ts";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import type { Outcome } from "../../coordinator/scheduling/outcome.ts";
import type { LeaseKey } from "../../coordinator/scheduling/worker-session.ts";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import { StorageError, type JobCommit, type Storage } from "../../coordinator/storage/storage.ts";
import { readWhole } from "../../coordinator/storage/stored-file.ts";
import { leaseTtlMs, openBench, startEngine, submit } from "../support/scheduling-bench.ts";
import { settle } from "../support/scheduling-clock.ts";
import { ended } from "../support/scheduling-ended.ts";
import { withMethods } from "../support/scheduling-storage.ts";
import { smallTable } from "../support/scheduling-table.ts";
import { FakeWorker, failed, lookUp, measured } from "../support/scheduling-worker.ts";

const job = "default/first";
const sha = (name: string): string => name.padEnd(64, "0");

async function bench(inner: Storage = createMemoryStorage()) {
  const opened = await openBench(inner);
  await submit(opened.engine);
  const worker = new FakeWorker(opened.engine, "a");
  worker.want(1);
  await settle();
  return { ...opened, worker, key: worker.take().key };
}

/** Brings a checkpoint of the lease; `wait` holds its bytes back. */
async function put(
  engine: Engine,
  key: LeaseKey,
  name: string,
  step: number,
  wait = Promise.resolve(),
  workerId = "a",
) {
  const verdict = engine.putCheckpoint({
    workerId,
    key,
    checkpoint: { sha256: sha(name), step, sizeBytes: 4 },
    receive: async (use) => {
      await wait;
      return await use(Buffer.from("data"));
    },
  });
  verdict.catch(() => undefined);
  await settle();
  return await verdict;
}

const filesOf = async (storage: Storage) => [...(await storage.checkpointFiles())].sort();

describe("a checkpoint of a lease", () => {
  test("is durable with its file when it is answered, and given with the trial's next lease", async () => {
    const { engine, storage, worker, key } = await bench();
    expect(await put(engine, key, "one", 5)).toBe("stored");
    expect(await readWhole(await storage.getFile(sha("one")))).toEqual(Buffer.from("data"));
    const row = await storage.getTrial(job, key.trial);
    expect(JSON.parse(row?.checkpointJson ?? "")).toEqual({ sha256: sha("one"), step: 5, sizeBytes: 4 });
    worker.report(key, failed("preempted"));
    await settle();
    const next = new FakeWorker(engine, "b");
    next.want(1);
    await settle();
    expect(next.take()).toMatchObject({
      key: { ...key, token: 2 },
      checkpoint: { sha256: sha("one"), step: 5, sizeBytes: 4 },
    });
    await engine.stop();
  });

  test("takes the place of the one before, whose file goes; sent again it changes nothing", async () => {
    const { engine, storage, key } = await bench();
    await put(engine, key, "one", 5);
    await put(engine, key, "two", 6);
    expect(await filesOf(storage)).toEqual([sha("two")]);
    expect(await put(engine, key, "two", 6)).toBe("stored");
    expect(await filesOf(storage)).toEqual([sha("two")]);
    await engine.stop();
  });

  test("goes, with its file, when the trial ends: measured, failed, or cancelled with its job", async () => {
    for (const end of ["measured", "failed", "cancelled"] as const) {
      const { engine, storage, worker, key } = await bench();
      await put(engine, key, "one", 5);
      if (end === "measured") worker.report(key, measured(0.5));
      else if (end === "failed") worker.report(key, failed("infeasible"));
      else await engine.controlJob("cancel", job, "");
      await settle();
      expect(await storage.getTrial(job, key.trial)).toMatchObject({ checkpointJson: null });
      expect(await filesOf(storage)).toEqual([]);
      await engine.stop();
    }
  });

  test("stays when its lease expires, and a later one of that lease is stale, without effect", async () => {
    const { engine, storage, clock, worker, key } = await bench();
    await put(engine, key, "one", 5);
    let give: () => void = () => undefined;
    const late = put(engine, key, "late", 6, new Promise((resolve) => (give = resolve)));
    await settle();
    clock.advance(leaseTtlMs * 2);
    await settle();
    give();
    expect(await late).toBe("stale");
    expect(await put(engine, key, "later", 7)).toBe("stale");
    expect(await filesOf(storage)).toEqual([sha("one")]);
    worker.want(1);
    await settle();
    expect(worker.take().checkpoint?.step).toBe(5);
    await engine.stop();
  });

  test("is stale, and its bytes are not asked for, of another token, worker, trial or job", async () => {
    const { engine, storage, key } = await bench();
    const never = new Promise<void>(() => undefined);
    const others = [
      { ...key, token: 2 },
      { ...key, trial: key.trial + 1 },
      { ...key, job: "default/none" },
    ];
    for (const other of others) expect(await put(engine, other, "x", 1, never)).toBe("stale");
    expect(await put(engine, key, "x", 1, never, "b")).toBe("stale");
    expect(await filesOf(storage)).toEqual([]);
    await engine.stop();
  });

  test("is refused while another of the lease is coming in, and not of other leases", async () => {
    const { engine, worker, key } = await bench();
    worker.want(1);
    await settle();
    const other = worker.take().key;
    let give: () => void = () => undefined;
    const first = put(engine, key, "one", 5, new Promise((resolve) => (give = resolve)));
    await expect(put(engine, key, "two", 6)).rejects.toMatchObject({ code: "resourceExhausted" });
    expect(await put(engine, other, "three", 7)).toBe("stored");
    give();
    expect(await first).toBe("stored");
    expect(await put(engine, key, "two", 6)).toBe("stored");
    await engine.stop();
  });

  test("that cannot be stored leaves the one before", async () => {
    const inner = createMemoryStorage();
    let full = false;
    const putCheckpointFile: Storage["putCheckpointFile"] = (sha256, bytes) =>
      full ? Promise.reject(new StorageError("unavailable", "full")) : inner.putCheckpointFile(sha256, bytes);
    const { engine, storage, key } = await bench(withMethods(inner, { putCheckpointFile }));
    await put(engine, key, "one", 5);
    full = true;
    await expect(put(engine, key, "two", 6)).rejects.toMatchObject({ code: "unavailable" });
    expect(await filesOf(storage)).toEqual([sha("one")]);
    expect((await storage.getTrial(job, key.trial))?.checkpointJson).toContain(sha("one"));
    await engine.stop();
  });

  test("of equal bytes serves two trials, and its file lasts as long as either", async () => {
    const { engine, storage, worker, key } = await bench();
    worker.want(1);
    await settle();
    const other = worker.take().key;
    await put(engine, key, "same", 5);
    await put(engine, other, "same", 5);
    worker.report(key, measured(0.5));
    await settle();
    expect(await filesOf(storage)).toEqual([sha("same")]);
    worker.report(other, measured(0.5));
    await settle();
    expect(await filesOf(storage)).toEqual([]);
    await engine.stop();
  });

  test("outlives a restart of the coordinator, unlike files that nothing refers to", async () => {
    const { engine, storage, clock, key } = await bench();
    await put(engine, key, "one", 5);
    await engine.stop();
    await storage.putCheckpointFile(sha("loose"), Buffer.from("data"));
    const next = await startEngine(storage, clock);
    expect(await filesOf(storage)).toEqual([sha("one")]);
    const back = new FakeWorker(next, "a");
    expect(await put(next, key, "two", 6)).toBe("stored");
    back.report(key, measured(0.5));
    await settle();
    expect(await filesOf(storage)).toEqual([]);
    await next.stop();
  });

  test("is not stored, and tells so, once the coordinator stops", async () => {
    const { engine, storage, key } = await bench();
    let give: () => void = () => undefined;
    const late = put(engine, key, "late", 6, new Promise((resolve) => (give = resolve)));
    await engine.stop();
    give();
    await expect(late).rejects.toMatchObject({ code: "unavailable" });
    await expect(put(engine, key, "later", 7)).rejects.toMatchObject({ code: "unavailable" });
    expect((await storage.getTrial(job, key.trial))?.checkpointJson).toBeNull();
  });
});

describe("trained weights", () => {
  const bring = async (engine: Engine, key: LeaseKey, name: string) => {
    const weights = { sha256: sha(name), sizeBytes: 4 };
    const verdict = await engine.putCheckpoint({
      workerId: "a",
      key,
      weights,
      receive: (use) => use(Buffer.from("data")),
    });
    await settle();
    return { verdict, weights };
  };
  const trained = (weights: TrainedWeights): Outcome => {
    return { type: "measurement", measurement: { accuracy: 0.5, steps: 3, extra: {}, weights } };
  };

  test("stay for good once their trial's measurement names them; its checkpoint goes", async () => {
    const { engine, storage, clock, worker, key } = await bench();
    await put(engine, key, "ace", 5);
    const { verdict, weights } = await bring(engine, key, "fade");
    expect(verdict).toBe("stored");
    expect(await filesOf(storage)).toEqual([sha("ace"), sha("fade")]);
    worker.report(key, trained(weights));
    await settle();
    expect(worker.acks.at(-1)).toMatchObject({ verdict: "accepted" });
    expect(JSON.parse((await storage.getTrial(job, key.trial))?.measurementJson ?? "")).toMatchObject({ weights });
    expect(await filesOf(storage)).toEqual([]);
    await engine.stop();
    await (await startEngine(storage, clock)).stop();
    expect(await readWhole(await storage.getFile(sha("fade")))).toEqual(Buffer.from("data"));
  });

  test("are no checkpoint of the trial's next attempt, which may bring others in their place", async () => {
    const { engine, storage, worker, key } = await bench();
    await bring(engine, key, "fade");
    worker.report(key, failed("preempted"));
    await settle();
    worker.want(1);
    await settle();
    const next = worker.take();
    expect(next).toMatchObject({ key: { token: 2 }, checkpoint: null });
    await put(engine, next.key, "ace", 5);
    await bring(engine, next.key, "beef");
    expect(await filesOf(storage)).toEqual([sha("ace"), sha("beef")]);
    await engine.stop();
  });

  test("outlive a restart before their outcome comes, and go where the trial ends without them", async () => {
    const { engine, storage, clock, key } = await bench();
    const { weights } = await bring(engine, key, "fade");
    await engine.stop();
    const next = await startEngine(storage, clock);
    const back = new FakeWorker(next, "a");
    back.report(key, trained(weights), 1);
    await settle();
    expect(back.acks.at(-1)).toMatchObject({ verdict: "accepted" });
    const other = back.take().key;
    await bring(next, other, "dead");
    back.report(other, failed("infeasible"));
    await settle();
    expect(await filesOf(storage)).toEqual([]);
    expect(await storage.getFile(sha("dead"))).toBeNull();
    expect(await storage.getFile(sha("fade"))).not.toBeNull();
    await next.stop();
  });

  test("that an outcome names and that were not brought for the trial cost it the attempt", async () => {
    const { engine, storage, worker, key } = await bench();
    await put(engine, key, "ace", 5);
    await storage.putFile(sha("e15e"), Buffer.from("data"));
    for (const name of ["ace", "e15e"]) {
      const lease = name === "ace" ? key : worker.take().key;
      worker.report(lease, trained({ sha256: sha(name), sizeBytes: 4 }));
      await settle();
      expect(worker.acks.at(-1)).toMatchObject({ verdict: "stale" });
      const row = await storage.getTrial(job, key.trial);
      expect(row).toMatchObject({ state: "pending", failureReason: "data_unavailable" });
      expect(row?.failureDetail).toBe("its weights are not stored");
      worker.want(1);
      await settle();
    }
    await engine.stop();
  });

  test("whose hash is none make the outcome malformed", async () => {
    const { engine, worker, key } = await bench();
    worker.report(key, trained({ sha256: "x", sizeBytes: 4 }));
    await settle();
    expect(worker.acks.at(-1)).toMatchObject({ verdict: "rejected" });
    await engine.stop();
  });
});

test("a job whose trials leave no checkpoints asks nothing of the store for them", async () => {
  const inner = createMemoryStorage();
  const commits: JobCommit[] = [];
  const asked: string[] = [];
  const noted = (name: "putCheckpointFile" | "dropCheckpointFile") => (sha256: string) => {
    asked.push(`${name} ${sha256}`);
    return Promise.resolve();
  };
  const storage = withMethods(inner, {
    commit: (jobs, request) => {
      commits.push(...jobs);
      return inner.commit(jobs, request);
    },
    putCheckpointFile: noted("putCheckpointFile"),
    dropCheckpointFile: noted("dropCheckpointFile"),
  });
  const { engine } = await openBench(storage);
  await submit(engine);
  new FakeWorker(engine, "a", lookUp(Buffer.from(smallTable()))).want(1);
  await ended(engine, job);
  expect(asked).toEqual([]);
  expect(commits.flatMap(({ trials }) => trials).filter(({ checkpointJson }) => checkpointJson !== null)).toEqual([]);
  await engine.stop();
});
