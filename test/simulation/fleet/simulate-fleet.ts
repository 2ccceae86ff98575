import { Engine } from "../../../coordinator/scheduling/engine.ts";
import { readProgress } from "../../../coordinator/scheduling/progress.ts";
import type { Usage } from "../../../coordinator/scheduling/usage.ts";
import { FileSource } from "../../../worker/client/file-source.ts";
import type { Coordinator } from "../../../worker/client/coordinator.ts";
import type { Timers } from "../../../worker/client/timers.ts";
import type { Evaluator } from "../../../worker/evaluator/evaluator.ts";
import { Runner } from "../../../worker/runner.ts";
import type { JobResult } from "../../../spec/result.ts";
import { silent } from "../../support/scheduling-bench.ts";
import { epochMs, World } from "../world/world.ts";
import { ComputeMeter } from "./compute-meter.ts";
import { fleetEvaluator } from "./fleet-evaluator.ts";
import { linkBytesPerMs, type Fleet } from "./fleet-model.ts";
import { fleetSpace } from "./fleet-space.ts";
import { fleetStorage } from "./fleet-storage.ts";
import { FleetStream } from "./fleet-stream.ts";
import { FleetWeights } from "./fleet-weights.ts";
import { FleetWire } from "./fleet-wire.ts";

/** What a fleet has done. */
export interface FleetReport {
  /** While there is work for all: without the first and the last `idleDraws` a worker, when some have not begun or find nothing left. */
  readonly busyFraction: number;
  readonly samplesPerSecond: number;
  /** Share of what the coordinator's link is able to carry, in each direction, in the same time. */
  readonly downUse: number;
  readonly upUse: number;
  /** Of the whole job, as its result says. */
  readonly wholeBusyFraction: number;
  readonly bytesPerSample: number;
  readonly computeMsPerSample: number;
  readonly waitMsPerSample: number;
  readonly draws: number;
  /** Draws that ended too late to count. */
  readonly stale: number;
  /** Median, in milliseconds. */
  readonly mergeMs: number;
  readonly virtualSeconds: number;
}

const job = "default/fleet";

/** Draws a worker that are left out at both ends of a job. */
const idleDraws = 3;

/** How often the job's progress is looked at. */
const lookMs = 10;

/** Has a fleet of real workers (but for the numbers in their weights) search under a real engine, in virtual time. */
export async function simulateFleet(fleet: Fleet, seed = 1): Promise<FleetReport> {
  const world = new World(seed, null);
  const space = fleetSpace(fleet.space);
  const weights = new FleetWeights(world, space.bytes);
  const wire = new FleetWire(world, weights);
  const meter = new ComputeMeter(world);
  const clock = { now: () => epochMs + world.nowMs, setTimer: (ms: number, run: () => void) => world.after(ms, run) };
  const storage = fleetStorage(world);
  const starting = Engine.start({ storage, clock, logger: silent, leaseTtlMs: 30_000, weights });
  const engine = await within(world, starting);
  const draws = fleet.workers * fleet.drawsPerWorker;
  const { file } = space;
  if (file !== null) await engine.putFile(file.sha256, file.bytes);
  const files = new Map(file === null ? [] : [[file.path, file.sha256]]);
  const request = { project: "default", jobId: "fleet", files, requestId: "", validateOnly: false };
  await within(world, engine.createJob({ ...request, spec: { ...specOf(fleet, draws, seed), space: space.space } }));
  const runners = Array.from({ length: fleet.workers }, (_, index) =>
    startWorker(world, engine, fleetEvaluator(world, wire, meter, fleet.speed, space.realOf), index + 1),
  );
  const until = async (samples: number): Promise<Moment> => {
    const reached: Moment[] = [];
    const look = async (): Promise<void> => {
      const { record } = await engine.getJob(job);
      const { usage } = readProgress(record);
      if (record.state === "running" && (usage.exchange?.samples ?? 0) < samples) world.after(lookMs, again);
      else reached.push({ atMs: world.nowMs, computedMs: meter.ms, usage, down: wire.down.bytes, up: wire.up.bytes });
    };
    const again = (): void => void look();
    again();
    await world.runUntil(() => reached.length > 0, 24 * 3_600_000);
    const [moment] = reached;
    if (moment === undefined) throw new Error(world.violation ?? "the fleet stands still");
    return moment;
  };
  const first = await until(idleDraws * fleet.workers);
  const last = await until(draws - idleDraws * fleet.workers);
  await until(Infinity);
  const { record } = await engine.getJob(job);
  if (record.resultJson === null) throw new Error(`the job has ${record.state}: ${record.error ?? ""}`);
  for (const runner of runners) void runner.stop();
  void engine.stop();
  await world.runUntil(() => false, world.nowMs + 60_000);
  return reportOf(fleet, first, last, JSON.parse(record.resultJson) as JobResult, weights.mergesMs);
}

interface Moment {
  readonly atMs: number;
  readonly computedMs: number;
  readonly usage: Usage;
  readonly down: number;
  readonly up: number;
}

function reportOf(
  { workers }: Fleet,
  first: Moment,
  last: Moment,
  result: JobResult,
  mergesMs: readonly number[],
): FleetReport {
  const ms = last.atMs - first.atMs;
  const [before, after] = [first.usage, last.usage];
  const { exchange } = result;
  if (exchange === undefined) throw new Error("the job has exchanged nothing");
  return {
    busyFraction: (last.computedMs - first.computedMs) / (workers * ms),
    samplesPerSecond: (1000 * ((after.exchange?.samples ?? 0) - (before.exchange?.samples ?? 0))) / ms,
    downUse: (last.down - first.down) / (ms * linkBytesPerMs),
    upUse: (last.up - first.up) / (ms * linkBytesPerMs),
    wholeBusyFraction: result.workerBusyFraction,
    bytesPerSample: exchange.bytesPerSample,
    computeMsPerSample: (1000 * exchange.computeSeconds) / exchange.samples,
    waitMsPerSample: (1000 * exchange.waitSeconds) / exchange.samples,
    draws: exchange.samples,
    stale: result.supernet?.stale ?? 0,
    mergeMs: [...mergesMs].sort((a, b) => a - b)[mergesMs.length >> 1] ?? 0,
    virtualSeconds: result.wallSeconds,
  };
}

function specOf({ localSteps, precision, updateAfter, inFlight }: Fleet, trials: number, seed: number): object {
  const rounds = { updateAfter, inFlight };
  return {
    evaluator: { supernet: { dataset: "mnist", localSteps, precision } },
    algorithm: { name: "fp-nas" },
    stages: [{ name: "only", slots: "factorized", ...rounds }],
    budget: { trials },
    seed,
  };
}

function startWorker(world: World, engine: Engine, evaluator: Evaluator, number: number): Runner {
  const workerId = `worker-${number}`;
  const { random } = world.dice(workerId);
  const timers: Timers = {
    after: (delayMs, run) => {
      const scheduled = world.after(delayMs, run);
      return () => scheduled.cancel();
    },
    soon: (run) => void world.after(0, run),
    get nowMs() {
      return world.nowMs;
    },
  };
  const none = (): Promise<never> => Promise.reject(new Error("a fleet moves sizes only"));
  const coordinator: Coordinator = {
    register: (registration) =>
      Promise.resolve(
        engine.registerWorker({ ...registration, evaluators: [...registration.evaluators], version: "" }),
      ),
    work: (_, events) => new FleetStream(world, engine, workerId, events),
    ...{ fetchFile: none, putCheckpoint: none, fetchWeights: none, putUpdate: none, close: () => undefined },
  };
  const runner = new Runner({
    registration: { workerId, host: "", backend: "", evaluators: [evaluator.name] },
    evaluators: [evaluator],
    coordinator,
    files: new FileSource(coordinator, timers, random),
    timers,
    random,
    logger: silent,
  });
  runner.done.catch((error: unknown) => world.violate(`${workerId} cannot go on: ${String(error)}`));
  world.after(random() * 1_000, () => runner.start());
  return runner;
}

/** Lets the world's time pass until it has settled. */
async function within<T>(world: World, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settled = (): void => void (isSettled = true);
  promise.then(settled, settled);
  await world.runUntil(() => isSettled, world.nowMs + 60_000);
  return await promise;
}
