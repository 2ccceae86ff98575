import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

import { FpnasClient } from "../../../../client/client.ts";
import { namedStream, uniformIndex } from "../../../../coordinator/search/rng.ts";
import { parseMbconvDefinition } from "../../../../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../../../../coordinator/search/space/mbconv-space.ts";
import { builtProgram } from "../../built-program.ts";
import { smallSpace, weightsHash } from "../../supernet-job.ts";
import { compareEndings, readEnding, type Comparison, type Ending } from "../ending.ts";
import { persist, watchToEnd } from "../persist.ts";
import { supernetJob } from "./job.ts";

/** Which process is killed, and at which of its steps from 1. */
export interface Moment {
  readonly victim: "coordinator" | "worker";
  readonly step: number;
}

/** What became of a job. */
interface SupernetEnding extends Ending {
  /** Of the numbers of the last version of its weights. */
  readonly weights: string;
}

interface SupernetRun {
  readonly ending: SupernetEnding;
  /** What the victim said it was at when it was killed; null where the job ended before. */
  readonly killedAt: string | null;
  /** How many steps the first coordinator and the first worker took. */
  readonly steps: Readonly<Record<Moment["victim"], number>>;
}

/** What came of one moment. */
export interface MomentOutcome extends Comparison {
  readonly moment: Moment;
  /** Null where the job ended before it came to the moment, in every try. */
  readonly killedAt: string | null;
}

const workers = 2;

/** A job may be shared by its workers in another way each time. */
const triesPerMoment = 3;

/** A process of the job, which is started again when it is killed. */
class Supervised {
  steps = 0;
  killedAt: string | null = null;
  readonly failed: Promise<never>;
  private readonly program: string;
  private readonly argumentsOf: (step: number, life: number) => readonly string[];
  private child: ChildProcessByStdio<Writable, Readable, null>;
  private lives = 0;
  private lastStep = "";
  private isStopping = false;
  private tell: (line: string) => void = () => undefined;
  private fail: (error: Error) => void = () => undefined;

  constructor(program: string, argumentsOf: (step: number, life: number) => readonly string[], step: number) {
    this.program = builtProgram(program);
    this.argumentsOf = argumentsOf;
    this.failed = new Promise((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined);
    this.child = this.open(step);
  }

  /** The first line that it says from now on that begins so. */
  said(beginning: string): Promise<string> {
    return new Promise((resolve) => {
      this.tell = (line) => {
        if (line.startsWith(beginning)) resolve(line);
      };
    });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.stdin.end();
    await exited;
  }

  private open(step: number): ChildProcessByStdio<Writable, Readable, null> {
    const life = (this.lives += 1);
    const args = [this.program, ...this.argumentsOf(step, life)];
    const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.startsWith("step ") && life === 1) {
        this.steps += 1;
        this.lastStep = line;
      }
      this.tell(line);
    });
    child.once("close", (code, signal) => {
      if (this.isStopping) return;
      if (signal === "SIGKILL") {
        this.killedAt = this.lastStep;
        this.child = this.open(0);
      } else this.fail(new Error(`${this.program} ended with ${String(signal ?? code)}`));
    });
    return child;
  }
}

/** Runs the job once, in a folder of its own, and has a process killed at a moment of it; nobody where that is null. */
async function runOnce(moment: Moment | null): Promise<SupernetRun> {
  const folder = await mkdtemp(join(tmpdir(), "fpnas-kill-"));
  const [store, weights] = [`sqlite:${join(folder, "state.db")}`, join(folder, "weights")];
  const stepOf = (victim: Moment["victim"]): number => (moment?.victim === victim ? moment.step : 0);
  let listen = "127.0.0.1:0";
  const coordinator = new Supervised(
    "test/support/crash/supernet/coordinator.ts",
    (step) => [store, weights, listen, String(step)],
    stepOf("coordinator"),
  );
  const started: Supervised[] = [coordinator];
  try {
    listen = (await coordinator.said("listening on ")).slice("listening on ".length);
    const client = new FpnasClient(listen);
    try {
      for (let index = 1; index <= workers; index += 1) {
        const args = (step: number, life: number) => [listen, `worker-${index}-${life}`, String(step)];
        const step = index === 1 ? stepOf("worker") : 0;
        started.push(new Supervised("test/support/crash/supernet/worker.ts", args, step));
      }
      const failed = Promise.race(started.map((each) => each.failed));
      const ask = <T>(question: () => Promise<T>): Promise<T> => Promise.race([persist(question), failed]);
      const { name } = await ask(() => client.createJob({ ...supernetJob, requestId: supernetJob.jobId }));
      const job = await ask(() => watchToEnd(client, name));
      const ending = await ask(() => readEnding(client, job));
      const { tensors } = mbconvSpace(parseMbconvDefinition(smallSpace)).supernet!();
      const version = job.result?.supernet?.version ?? 0;
      const hash = await weightsHash(weights, `default/${supernetJob.jobId}`, version, tensors);
      const killedAt = started.map((each) => each.killedAt).find((each) => each !== null) ?? null;
      const steps = { coordinator: coordinator.steps, worker: started[1]?.steps ?? 0 };
      return { ending: { ...ending, weights: `${version} ${hash}` }, killedAt, steps };
    } finally {
      client.close();
    }
  } finally {
    await Promise.all(started.map((each) => each.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Kills a process of a supernet's job at each of `count` moments, taken by the seed from all steps of an undisturbed one, a job for each, and
 * compares what became of the jobs with that one.
 * @param onOutcome is told as each moment is done
 */
export async function runSupernetCampaign(
  count: number,
  seed: number,
  onOutcome: (outcome: MomentOutcome) => void,
): Promise<readonly MomentOutcome[]> {
  const reference = await runOnce(null);
  const outcomes: MomentOutcome[] = [];
  for (const moment of chooseMoments(reference.steps, count, seed)) {
    let run = await runOnce(moment);
    for (let tries = 1; run.killedAt === null && tries < triesPerMoment; tries += 1) run = await runOnce(moment);
    const comparison = compareEndings(reference.ending, run.ending);
    const isSame = run.ending.weights === reference.ending.weights;
    const differing = isSame ? comparison.differing : [...comparison.differing, "weights"];
    const outcome = { moment, killedAt: run.killedAt, ...comparison, differing };
    outcomes.push(outcome);
    onOutcome(outcome);
  }
  return outcomes;
}

/** By turns of the coordinator and of a worker, each any of its steps with equal probability. */
export function chooseMoments(steps: SupernetRun["steps"], count: number, seed: number): readonly Moment[] {
  return Array.from({ length: count }, (_, index) => {
    const victim = index % 2 === 0 ? "coordinator" : "worker";
    return { victim, step: 1 + uniformIndex(namedStream(seed, `moment/${index}`), steps[victim]) };
  });
}
