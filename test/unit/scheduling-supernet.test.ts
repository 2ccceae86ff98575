import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import type { SupernetEvaluation } from "../../network/evaluation.ts";
import { sharedSlices } from "../../network/shared-weights.ts";
import { decodeNetwork } from "../../network/codec.ts";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import type { Outcome } from "../../coordinator/scheduling/outcome.ts";
import type { Lease } from "../../coordinator/scheduling/worker-session.ts";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import type { Storage } from "../../coordinator/storage/storage.ts";
import { WeightsError } from "../../coordinator/weights/weights-store.ts";
import { MemoryWeights } from "../support/memory-weights.ts";
import { allTrials, startEngine } from "../support/scheduling-bench.ts";
import { FakeClock, settle } from "../support/scheduling-clock.ts";
import { ended } from "../support/scheduling-ended.ts";
import { FakeWorker, measured } from "../support/scheduling-worker.ts";

const job = "default/shared";

/** A job of 30 draws, of which some are trained in a warm-up. */
const spec = {
  space: "mbconv-small",
  evaluator: { supernet: { dataset: "mnist", localSteps: 2, learningRate: 0.5, validationExamples: 32 } },
  algorithm: { name: "fp-nas", kMin: 4, kMax: 6 },
  budget: { trials: 30 },
  seed: 3,
};

async function submit(engine: Engine, changes: object = {}): Promise<void> {
  const request = { project: "default", jobId: "shared", files: new Map(), requestId: "", validateOnly: false };
  await engine.createJob({ ...request, spec: { ...spec, ...changes } });
}

async function bench(weights = new MemoryWeights(), storage: Storage = createMemoryStorage(), clock = new FakeClock()) {
  return { engine: await startEngine(storage, clock, weights), weights, storage, clock };
}

const evaluationOf = ({ evaluation }: Lease): SupernetEvaluation => {
  if (evaluation.type !== "supernet") throw new Error("It is evaluated otherwise.");
  return evaluation;
};

/** Trains a lease as a worker would, as far as the coordinator can see: stores an update of ones and tells of it. */
async function train(weights: MemoryWeights, { key, networkJson, evaluation }: Lease): Promise<Outcome> {
  if (evaluation.type !== "supernet" || evaluation.localSteps === 0) return measured(0.5);
  const network = decodeNetwork(JSON.parse(networkJson));
  if (network.type !== "graph") throw new Error("It is no graph.");
  const slices = sharedSlices(network);
  const numbers = slices.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
  const bytes = new Uint8Array(new Float32Array(numbers).fill(key.trial).buffer);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const header = { trial: key.trial, version: evaluation.version, slices, precision: "float32", sha256 } as const;
  await weights.putUpdate(key.job, header, chunksOf(bytes));
  const update = { sha256, sizeBytes: bytes.byteLength };
  const measurement = { accuracy: 0.3, loss: 2, trainLoss: 2.1, steps: 2, extra: {}, update };
  return { type: "measurement", measurement };
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** A worker that trains what it gets, one after the other; `note` hears of each lease. */
class Trainer extends FakeWorker {
  constructor(engine: Engine, weights: MemoryWeights, note: (lease: Lease) => void = () => undefined) {
    super(engine, "trainer", null, ["supernet", "train", "train.final"]);
    this.want(1);
    const work = async (): Promise<void> => {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        const lease = this.leases.shift();
        if (this.endedWith !== null) return;
        if (lease === undefined) continue;
        note(lease);
        const outcome = lease.evaluation.type === "train" ? measured(0.9) : await train(weights, lease);
        this.report(lease.key, outcome, 1);
      }
    };
    void work();
  }
}

describe("a supernet's job", () => {
  test("is refused where the coordinator keeps no shared weights", async () => {
    const engine = await startEngine(createMemoryStorage(), new FakeClock());
    await expect(submit(engine)).rejects.toMatchObject({ code: "failedPrecondition", reason: "NO_WEIGHTS" });
    await engine.stop();
  });

  test("waits where a coordinator without shared weights leads, until one with them does", async () => {
    const { engine, weights, storage, clock } = await bench();
    await submit(engine);
    await settle();
    await engine.stop();
    const bare = await startEngine(storage, clock);
    const worker = new FakeWorker(bare, "a", null, ["supernet"]);
    worker.want(1);
    await settle();
    expect(worker.leases).toHaveLength(0);
    await bare.stop();
    const { engine: able } = await bench(weights, storage, clock);
    const next = new FakeWorker(able, "b", null, ["supernet"]);
    next.want(1);
    await settle();
    expect(next.leases).toHaveLength(1);
    await able.stop();
  });

  test("gives leases of versions that are there, merges each round once, and drops what is not needed any more", async () => {
    const { engine, weights, storage } = await bench();
    const leases: Lease[] = [];
    const missing: number[] = [];
    await submit(engine, { final: { steps: 7 } });
    new Trainer(engine, weights, (lease) => {
      leases.push(lease);
      if (lease.evaluation.type !== "supernet") return;
      if (!weights.versions.has(`${job} ${lease.evaluation.version}`)) missing.push(lease.key.trial);
    });
    const result = await ended(engine, job);
    await engine.stop();
    expect(missing).toEqual([]);
    const rounds = weights.merges.map(({ round }) => round);
    expect(rounds).toEqual(Array.from({ length: result.rounds + 1 }, (_, round) => round));
    for (const { updates } of weights.merges.slice(1)) {
      expect(updates.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    }
    expect(weights.merges.flatMap(({ updates }) => updates)).toHaveLength(30);
    expect([...weights.versions.keys()]).toEqual([`${job} ${result.rounds + 1}`]);
    expect(weights.updates.size).toBe(0);
    expect(result.supernet).toMatchObject({ version: result.rounds + 1, stale: 0 });
    expect(result.mode.measurement).toMatchObject({ accuracy: 0.5 });
    expect(result.final).toMatchObject({ accuracy: 0.9 });
    const roles = (await allTrials(storage, job)).map(({ role }) => role);
    expect(roles.filter((role) => role === "search")).toHaveLength(30);
    expect(roles.at(-1)).toBe("finalAnswer");

    const draws = leases.slice(0, 30).map(evaluationOf);
    expect(new Set(draws.map(({ seed }) => seed)).size).toBe(30);
    const seeds = new Map(draws.map(({ version, validationSeed }) => [version, validationSeed]));
    expect(draws.every(({ version, validationSeed }) => seeds.get(version) === validationSeed)).toBe(true);
    expect(new Set(seeds.values()).size).toBe(seeds.size);
    expect(draws[0]).toMatchObject({ learningRate: 0.5, localSteps: 2, evalExamples: 32, batch: 64 });
    expect(draws[15]!.learningRate).toBeCloseTo(0.25, 12);
    expect(draws[29]!.learningRate).toBeGreaterThan(0);
    expect(evaluationOf(leases[30]!)).toMatchObject({ version: result.rounds + 1, localSteps: 0, evalExamples: 0 });
    expect(leases.at(-1)!.evaluation).toMatchObject({ type: "train", steps: 7, part: "test", learningRate: 0.2 });
  });

  test("has its final networks begin with their slices of the last version, where the spec says so", async () => {
    const { engine, weights, storage } = await bench();
    const finals: Lease[] = [];
    await submit(engine, { final: { steps: 7, random: 1, largest: true, from: "slice" } });
    new Trainer(engine, weights, (lease) => {
      if (lease.evaluation.type === "train") finals.push(lease);
    });
    const { supernet } = await ended(engine, job);
    expect(finals.map(({ evaluation }) => evaluation)).toMatchObject(
      [1, 2, 3].map(() => ({ type: "train", startVersion: supernet!.version, keepWeights: true })),
    );
    for (const { networkJson } of finals) {
      const network = decodeNetwork(JSON.parse(networkJson));
      if (network.type !== "graph") throw new Error("It is no graph.");
      const chunks = weights.fetch(job, supernet!.version, sharedSlices(network), "float32");
      const numbers = sharedSlices(network).map(({ shape }) => shape.reduce((product, side) => product * side, 1));
      let bytes = 0;
      for await (const { length } of chunks) bytes += length;
      expect(bytes).toBe(4 * numbers.reduce((sum, size) => sum + size, 0));
    }
    const rounds = (await allTrials(storage, job))
      .filter(({ role }) => role.startsWith("final"))
      .map(({ round }) => round);
    expect(new Set(rounds)).toEqual(new Set([supernet!.version]));
    await engine.stop();
  });

  test("needs of a draw its losses and its update, and tries again one whose update is not stored", async () => {
    const { engine, weights, storage } = await bench();
    await submit(engine);
    const worker = new FakeWorker(engine, "a", null, ["supernet"]);
    worker.want(2);
    await settle();
    const bare = worker.take();
    worker.report(bare.key, measured(0.5));
    await settle();
    expect(worker.verdictOf(bare.key)).toBe("rejected");
    expect(await storage.getTrial(job, bare.key.trial)).toMatchObject({ state: "failed", failureReason: "internal" });
    const lease = worker.take();
    const outcome = await train(weights, lease);
    weights.updates.clear();
    worker.report(lease.key, outcome);
    await settle();
    expect(worker.verdictOf(lease.key)).toBe("stale");
    const row = await storage.getTrial(job, lease.key.trial);
    expect(row).toMatchObject({ state: "pending", failureReason: "data_unavailable" });
    await engine.stop();
  });

  test("has a merge made again by the coordinator that goes on after one that ended meanwhile", async () => {
    const weights = new MemoryWeights();
    const storage = createMemoryStorage();
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const first = await bench(weights, storage);
    let fail: (error: Error) => void = () => undefined;
    weights.before = ({ round }) => {
      if (round < 2) return Promise.resolve();
      begin();
      return new Promise((_, reject) => (fail = reject));
    };
    await submit(first.engine);
    new Trainer(first.engine, weights);
    await begun;
    const stopping = first.engine.stop();
    fail(new WeightsError("unavailable", "the disk is full"));
    await stopping;
    weights.before = () => Promise.resolve();
    const second = await bench(weights, storage, first.clock);
    new Trainer(second.engine, weights);
    const result = await ended(second.engine, job);
    expect(weights.merges.map(({ round }) => round)).toEqual(Array.from({ length: result.rounds + 1 }, (_, n) => n));
    await second.engine.stop();
  });

  test("waits while the weights' store is unavailable", async () => {
    const { engine, weights, clock } = await bench();
    let refusals = 2;
    weights.before = () => {
      if (refusals === 0) return Promise.resolve();
      refusals -= 1;
      return Promise.reject(new WeightsError("unavailable", "the disk is full"));
    };
    await submit(engine);
    for (let turn = 0; turn < 3; turn++) {
      await settle();
      clock.advance(1_000);
    }
    await settle();
    expect(weights.merges.map(({ round }) => round)).toEqual([0]);
    await engine.stop();
  });

  test("fails, and says why, where its weights are damaged", async () => {
    const { engine, weights } = await bench();
    weights.before = () => Promise.reject(new WeightsError("corrupt", "a chunk is not what was written"));
    await submit(engine);
    await settle();
    expect((await engine.getJob(job)).record).toMatchObject({
      state: "failed",
      error: "version 1 of the shared weights could not be made: a chunk is not what was written",
    });
    await engine.stop();
  });
});
