import { fork, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { BackendPreference } from "../worker/backend/select-backend.ts";

/** How a pool's workers are run. */
export interface WorkerPoolOptions {
  /** HOST:PORT of their coordinator. */
  readonly coordinator: string;
  readonly count: number;
  /** What they train on. */
  readonly backend: BackendPreference;
  /** Whether they run the programs that jobs name. */
  readonly allowCommands: boolean;
  /** File that a worker's output is appended to, by the worker's number from 1; null lets workers write to this process's stderr. */
  readonly logFile: ((worker: number) => string) | null;
}

/** Set for the workers of a pool, which have to know it even where the pool has died before they looked. */
export const poolVariable = "FPNAS_WORKER_POOL";

/** A worker that cannot be kept alive. */
export interface WorkerFailure {
  readonly worker: number;
  readonly message: string;
}

/** A worker that lives this long has started well: its next death is not counted with the ones before. */
const healthyMs = 10_000;
/** So many deaths in a row, each soon after its start, are a fault that restarts do not heal. */
const maxQuickDeaths = 5;
const backoffMs = { first: 250, most: 4000 };
/** A drained worker gives its trial back within this time, or is killed. */
const drainMs = 20_000;

/**
 * Worker processes that are started again when they die.
 *
 *     (slot)  up --dies--> waiting --back-off--> up        up/waiting --drain()/kill()--> stopped
 *                              \--5 quick deaths--> failed
 *
 * Each worker is tied to this process by its IPC channel: where this process dies, however suddenly, the worker ends by itself.
 */
export class WorkerPool {
  /** Resolves, with the cause, when a worker dies again and again; never rejects. */
  readonly failed: Promise<WorkerFailure>;
  readonly #options: WorkerPoolOptions;
  readonly #children = new Map<number, ChildProcess>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #fail: (failure: WorkerFailure) => void = () => undefined;
  #isStopping = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
    for (let worker = 1; worker <= options.count; worker += 1) this.#start(worker, 0);
  }

  /** Asks the workers to end after giving back what they work on, and waits for it. Those that take too long are killed. */
  async drain(): Promise<void> {
    this.#stop();
    const children = [...this.#children.values()];
    const timer = setTimeout(() => {
      for (const child of children) child.kill("SIGKILL");
    }, drainMs);
    for (const child of children) child.kill("SIGTERM");
    await Promise.all(children.map(hasEnded));
    clearTimeout(timer);
  }

  /** Ends the workers at once. */
  kill(): void {
    this.#stop();
    for (const child of this.#children.values()) child.kill("SIGKILL");
  }

  #stop(): void {
    this.#isStopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #start(worker: number, quickDeaths: number): void {
    const { coordinator, count, backend, allowCommands, logFile } = this.#options;
    const log = logFile === null ? null : openSync(logFile(worker), "a");
    const output = log ?? 2;
    const startMs = performance.now();
    const flags = ["--backend", backend, ...(allowCommands ? ["--allow-commands"] : [])];
    const args = ["worker", "--coordinator", coordinator, ...flags];
    const child = fork(fileURLToPath(new URL("./main.js", import.meta.url)), args, {
      stdio: ["ignore", output, output, "ipc"],
      execArgv: [],
      env: { ...threadShare(count), ...process.env, [poolVariable]: "1" },
    });
    if (log !== null) closeSync(log);
    this.#children.set(worker, child);
    let isEnded = false;
    const onEnd = (how: string) => {
      if (isEnded) return;
      isEnded = true;
      this.#children.delete(worker);
      if (!this.#isStopping) this.#restart(worker, performance.now() - startMs < healthyMs ? quickDeaths + 1 : 1, how);
    };
    child.once("error", (error) => onEnd(error.message));
    child.once("exit", (code, signal) => onEnd(signal === null ? `exit code ${String(code)}` : signal));
  }

  #restart(worker: number, deaths: number, how: string): void {
    if (deaths >= maxQuickDeaths) {
      this.#fail({ worker, message: `worker ${String(worker)} died ${String(deaths)} times in a row (${how})` });
      return;
    }
    const delayMs = Math.min(backoffMs.first * 2 ** (deaths - 1), backoffMs.most);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#start(worker, deaths);
    }, delayMs);
    this.#timers.add(timer);
  }
}

/** Native TensorFlow starts a thread a core in each process; several processes share the cores instead, unless the user has decided. */
function threadShare(processes: number): NodeJS.ProcessEnv {
  return { TF_NUM_INTRAOP_THREADS: String(Math.max(1, Math.floor(availableParallelism() / processes))) };
}

function hasEnded(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}
