import { Readable } from "node:stream";
import type { Logger } from "pino";
import type { Coordinator } from "../../../worker/client/coordinator.ts";
import { FileSource } from "../../../worker/client/file-source.ts";
import type { Timers } from "../../../worker/client/timers.ts";
import { Runner } from "../../../worker/runner.ts";
import { parseJobName } from "../../../coordinator/scheduling/names.ts";
import { fetchFile } from "../../../coordinator/rpc/files.ts";
import { decodeKey } from "../../../coordinator/rpc/work-messages.ts";
import { silent } from "../../support/scheduling-bench.ts";
import type { Dice } from "../world/dice.ts";
import { SimProcess } from "../world/process.ts";
import type { World } from "../world/world.ts";
import { createSimEvaluator, createSimSupernetEvaluator, type Laboratory } from "./evaluator.ts";
import { tracingLogger } from "./host.ts";
import type { Network } from "./network.ts";
import { SimStream } from "./stream.ts";
import type { WireWatcher } from "./wire-watcher.ts";

const callTimeoutMs = 5_000;

/** What the machines of workers share. */
export interface WorkerParts {
  readonly world: World;
  readonly network: Network;
  readonly watcher: WireWatcher;
  readonly lab: Laboratory;
}

/** A machine on which one worker runs, and a supervisor that starts it again. */
export class WorkerMachine {
  readonly name: string;
  process: SimProcess | null = null;
  private runner: Runner | null = null;
  private readonly parts: WorkerParts;
  private readonly dice: Dice;
  private starts = 0;
  private workerId = "";

  constructor(name: string, parts: WorkerParts) {
    this.name = name;
    this.parts = parts;
    this.dice = parts.world.dice(name);
  }

  start(): void {
    const { world, lab } = this.parts;
    this.starts += 1;
    // Some are given their id by those who run them: the next process is then the same worker.
    if (this.workerId === "" || this.dice.chance(0.8)) this.workerId = `${this.name}.${this.starts}`;
    const process = new SimProcess(world, this.workerId);
    this.process = process;
    world.note(this.workerId, "starts");
    const logger: Logger = world.trace.isRead ? tracingLogger(world, this.workerId) : silent;
    const timers: Timers = {
      after: (delayMs, run) => {
        const timer = process.after(delayMs, run);
        return () => timer.cancel();
      },
      soon: (run) => void process.after(0, run),
      get nowMs() {
        return world.nowMs;
      },
    };
    const { random } = this.dice;
    const crash = (): void => {
      world.note(this.workerId, "is killed by its evaluation");
      this.exit(process);
    };
    const evaluators = [createSimEvaluator(lab, process, crash), createSimSupernetEvaluator(lab, process, crash)];
    const coordinator = this.coordinatorFor(process, this.workerId);
    this.runner = new Runner({
      registration: {
        workerId: this.workerId,
        host: this.name,
        backend: "cpu",
        evaluators: evaluators.map(({ name }) => name),
      },
      evaluators,
      coordinator,
      files: new FileSource(coordinator, timers, random),
      timers,
      random,
      logger,
    });
    const exit = (): void => process.run(() => this.exit(process));
    this.runner.done.then(exit, exit);
    this.runner.start();
  }

  /** Kills the present process. */
  crash(): void {
    if (this.process !== null) this.exit(this.process);
  }

  /** Stops the worker in order. */
  stop(): void {
    const { process, runner } = this;
    if (process !== null && runner !== null) process.run(() => void runner.stop());
  }

  private exit(process: SimProcess): void {
    if (this.process !== process) return;
    const { world, network } = this.parts;
    process.kill();
    this.process = null;
    this.runner = null;
    world.note(process.name, "is gone");
    network.clientDied(this.name);
    world.after(this.dice.whole(500, this.dice.chance(0.2) ? 60_000 : 4_000), () => this.start());
  }

  private coordinatorFor(process: SimProcess, workerId: string): Coordinator {
    const { network } = this.parts;
    return {
      register: (registration) =>
        network.call(process, this.name, callTimeoutMs, (engine) =>
          Promise.resolve(
            engine.registerWorker({ ...registration, evaluators: [...registration.evaluators], version: "" }),
          ),
        ),
      work: (_, events) => new SimStream(this.parts, { process, machine: this.name, workerId }, events),
      fetchFile: (sha256) =>
        network.call(process, this.name, callTimeoutMs, async () => {
          const chunks: Uint8Array[] = [];
          const { jobs } = network.host;
          if (jobs === null) throw new Error("a coordinator that serves reads");
          for await (const { chunk } of fetchFile(jobs, sha256)) chunks.push(chunk as Uint8Array);
          return Buffer.concat(chunks);
        }),
      putCheckpoint: () => Promise.reject(new Error("look-ups have no checkpoints")),
      fetchWeights: ({ job, version, slices, precision }) =>
        network.call(process, this.name, callTimeoutMs, (engine) =>
          collect(engine.fetchWeights({ job: parseJobName(job, "job"), version, slices, precision })),
        ),
      putUpdate: ({ key, version, slices, precision, sha256 }, bytes) =>
        network.call(process, this.name, callTimeoutMs, (engine) => {
          const lease = decodeKey(key);
          if (lease === null) throw new Error(`names no trial: ${key.trial}`);
          const header = { version, slices, precision, sha256 };
          return engine.putUpdate({ workerId, key: lease, header, bytes: Readable.from([bytes]) });
        }),
      close: () => undefined,
    };
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
