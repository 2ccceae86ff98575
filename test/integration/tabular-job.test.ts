import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import pino from "pino";
import { FpnasClient } from "../../client/client.ts";
import type { Job, Trial } from "../../client/types.ts";
import { startCoordinator, type RunningCoordinator } from "../../coordinator/serve.ts";
import { createTabularEvaluator } from "../../worker/evaluator/tabular.ts";
import { startWorker, type RunningWorker } from "../../worker/serve.ts";

const logger = pino({ level: "silent" });
const armCount = 5;

/** Four choices of five arms: the later the arms, the better. The network of first arms alone is not listed. */
function makeTable(): string {
  const rows: { arms: number[]; accuracy: number }[] = [];
  for (let index = 0; index < armCount ** 4; index += 1) {
    const arms = Array.from({ length: 4 }, (_, choice) => Math.floor(index / armCount ** choice) % armCount);
    const sum = arms.reduce((total, arm) => total + arm, 0);
    if (arms.every((arm) => arm === 0)) continue;
    rows.push({ arms, accuracy: 0.5 + sum / 40 });
  }
  const choices = ["a", "b", "c", "d"].map((name) => ({ name, arms: ["0", "1", "2", "3", "4"] }));
  return JSON.stringify({ name: "sums", choices, rows });
}

const files = new Map([["sums.json", Buffer.from(makeTable())]]);
const spec = { evaluator: { tabular: { table: "sums.json" } }, budget: { trials: 150 }, seed: 3 };

describe("a tabular job through the real coordinator, the real wire and real workers", () => {
  let folder: string;
  let coordinator: RunningCoordinator;
  let client: FpnasClient;
  let workers: RunningWorker[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "fpnas-tabular-"));
    coordinator = await serve("127.0.0.1:0");
    client = new FpnasClient(coordinator.address);
    workers = [];
  });

  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    client.close();
    await coordinator.stop();
    await rm(folder, { recursive: true });
  });

  const serve = (listen: string): Promise<RunningCoordinator> =>
    startCoordinator({
      listen,
      advertise: null,
      health: null,
      store: `sqlite:${join(folder, "db")}`,
      weights: null,
      leaseTtlMs: 5_000,
      logger,
    });

  function work(count: number): void {
    for (let index = 0; index < count; index += 1) {
      workers.push(
        startWorker({
          coordinator: coordinator.address,
          workerId: `worker-${workers.length + 1}`,
          host: "here",
          backend: "",
          evaluators: [createTabularEvaluator()],
          logger,
        }),
      );
    }
  }

  async function finish(name: string): Promise<Job> {
    let last: Job | undefined;
    for await (const job of client.watchJob(name)) last = job;
    return last!;
  }

  const outcomeOf = ({ state, result, error }: Job) => ({
    state,
    error,
    network: result?.network,
    arms: result?.arms,
    distribution: result?.distribution,
    draws: result?.draws,
    trials: result?.trials,
  });

  test("ends with a good network, every trial accounted for, and the same with one worker as with four", async () => {
    work(1);
    const one = await finish((await client.createJob({ spec, files, jobId: "one" })).name);
    expect(one).toMatchObject({ state: "succeeded", error: null });
    expect(one.result?.measurement.accuracy).toBeGreaterThanOrEqual(0.85);
    expect(one.progress.trialsEnded).toBe(one.result?.trials);

    const trials: Trial[] = [];
    for await (const trial of client.listTrials(one.name)) trials.push(trial);
    expect(trials).toHaveLength(one.result?.trials ?? 0);
    for (const { state, measurement, attempts, arms, network } of trials) {
      expect(network).toMatchObject({ type: "tableRow", arms });
      expect(attempts).toBe(1);
      const sum = arms.reduce((total, arm) => total + arm, 0);
      if (sum === 0) expect(state).toBe("infeasible");
      else expect([state, measurement?.accuracy]).toEqual(["completed", 0.5 + sum / 40]);
    }

    work(3);
    const four = await finish((await client.createJob({ spec, files, jobId: "four" })).name);
    expect(outcomeOf(four)).toEqual(outcomeOf(one));
  });

  test("goes on when the coordinator stops and starts again in its midst, and ends the same", async () => {
    const undisturbed = await client.createJob({ spec, files, jobId: "undisturbed" });
    work(1);
    const reference = await finish(undisturbed.name);

    const { name } = await client.createJob({ spec, files, jobId: "disturbed" });
    const { address } = coordinator;
    let restarted = false;
    let last: Job | undefined;
    for await (const job of client.watchJob(name)) {
      last = job;
      if (restarted || job.state !== "running") continue;
      restarted = true;
      await coordinator.stop();
      coordinator = await serve(address);
    }
    expect(restarted).toBe(true);
    expect(outcomeOf(last!)).toEqual(outcomeOf(reference));
  });

  test("with asynchronous stages keeps several workers at it through a restart, and loses no trial", async () => {
    work(4);
    const stage = { slots: "factorized", updateAfter: 2, inFlight: 8 };
    const stages = [
      { ...stage, name: "first", until: { trials: 60 } },
      { ...stage, name: "second" },
    ];
    const { name } = await client.createJob({
      spec: { ...spec, algorithm: { name: "fp-nas-archive" }, stages },
      files,
    });
    const { address } = coordinator;
    let restarted = false;
    let last: Job | undefined;
    for await (const job of client.watchJob(name)) {
      last = job;
      if (restarted || job.progress.trialsEnded < 20) continue;
      restarted = true;
      await coordinator.stop();
      coordinator = await serve(address);
    }
    expect(restarted).toBe(true);
    expect(last).toMatchObject({ state: "succeeded", result: { trials: 150, uniqueNetworks: 150 } });
    expect(last!.result!.rounds).toBeGreaterThan(40);
    expect(last!.result!.measurement.accuracy).toBeGreaterThanOrEqual(0.85);
    const states = new Set<string>();
    for await (const { state } of client.listTrials(name)) states.add(state);
    expect([...states].filter((state) => state !== "infeasible")).toEqual(["completed"]);
  });

  test("takes over what an earlier job has completed, without a lease, and is refused with another table", async () => {
    work(1);
    const earlier = await finish((await client.createJob({ spec, files, jobId: "earlier" })).name);
    const reusing = { ...spec, budget: { trials: 20 }, seed: 4, reuse: ["earlier"] };
    const later = await finish((await client.createJob({ spec: reusing, files, jobId: "later" })).name);
    const trials: Trial[] = [];
    for await (const trial of client.listTrials(later.name)) trials.push(trial);
    const reused = trials.filter(({ reusedFrom }) => reusedFrom !== null);
    expect(reused.length).toBeGreaterThan(10);
    expect(later).toMatchObject({
      state: "succeeded",
      result: { trials: 20, reused: reused.length, uniqueNetworks: trials.length },
      progress: { trialsCreated: 20, trialsEnded: 20 },
    });
    const known = new Map<string, Trial>();
    for await (const trial of client.listTrials(earlier.name)) known.set(trial.arms.join(), trial);
    for (const { arms, reusedFrom, state, attempts, workerId, measurement } of trials) {
      const there = known.get(arms.join());
      const served = there?.state === "completed";
      expect(reusedFrom).toBe(served ? there.name : null);
      expect(attempts).toBe(served ? 0 : 1);
      if (served)
        expect({ state, workerId, measurement }).toMatchObject({
          state: "completed",
          workerId: null,
          measurement: there.measurement,
        });
    }

    const otherFiles = new Map([["sums.json", Buffer.from(makeTable().replace("sums", "others"))]]);
    for (const validateOnly of [true, false]) {
      await expect(client.createJob({ spec: reusing, files: otherFiles, validateOnly })).rejects.toMatchObject({
        code: "invalid",
        mistakes: [{ path: "reuse[0]", message: expect.stringContaining("earlier has a table of SHA-256") }],
      });
    }
    await expect(client.createJob({ spec: { ...reusing, reuse: ["none"] }, files })).rejects.toMatchObject({
      code: "invalid",
      mistakes: [{ path: "reuse[0]", message: expect.stringContaining("there is no job none") }],
    });
  });

  test("is paused, resumed and cancelled", async () => {
    const { name } = await client.createJob({ spec, files });
    expect((await client.pauseJob(name)).state).toBe("paused");
    await expect(client.pauseJob(name)).rejects.toMatchObject({ code: "failed_precondition" });
    expect((await client.resumeJob(name)).state).toBe("running");
    await client.pauseJob(name);
    expect((await client.cancelJob(name)).state).toBe("cancelled");
    await expect(client.resumeJob(name)).rejects.toMatchObject({ code: "failed_precondition" });
    expect((await finish(name)).state).toBe("cancelled");
  });

  test("is refused with every mistake, and without its file", async () => {
    await expect(client.createJob({ spec: { budgett: 1, seed: -1 } })).rejects.toMatchObject({
      code: "invalid",
      mistakes: expect.arrayContaining([expect.objectContaining({ path: "seed" })]),
    });
    await expect(client.createJob({ spec })).rejects.toMatchObject({ name: "FpnasError" });
    await expect(client.getJob("projects/default/jobs/none")).rejects.toMatchObject({ code: "not_found" });
  });
});
