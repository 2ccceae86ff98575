import { Worker } from "node:worker_threads";
import type { BenchSettings } from "./bench-spec.ts";
import type { ProblemSource } from "./problem-source.ts";
import type { SeedRecord } from "./seed-record.ts";
import type { SeedTask } from "./seed-tasks.ts";

/** What every thread is told at its start. */
export interface ThreadData {
  readonly sources: readonly ProblemSource[];
  readonly settings: BenchSettings;
}

interface Waiting {
  readonly task: SeedTask;
  readonly resolve: (records: readonly SeedRecord[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Threads that run tasks side by side, first come, first served. What a task yields depends on nothing but the task, so their number
 * changes no result. After `stop` (or a fault of a thread) every task that is not done is rejected.
 */
export class SeedThreads {
  readonly #threads: readonly Worker[];
  readonly #idle: Worker[];
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<Worker, Waiting>();
  #failure: unknown = null;

  constructor(count: number, data: ThreadData) {
    // Compiled, this module lies beside the thread's; run from its source it has no threads.
    const file = new URL("./seed-thread.js", import.meta.url);
    this.#threads = Array.from({ length: count }, () => {
      const thread = new Worker(file, { workerData: data });
      thread.on("message", (records: readonly SeedRecord[]) => {
        this.#running.get(thread)?.resolve(records);
        this.#running.delete(thread);
        this.#idle.push(thread);
        this.#start();
      });
      thread.on("error", (error) => this.#fail(error));
      return thread;
    });
    this.#idle = [...this.#threads];
  }

  run(task: SeedTask): Promise<readonly SeedRecord[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#start();
    });
  }

  async stop(): Promise<void> {
    this.#fail(new Error("The benchmark was stopped."));
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #start(): void {
    if (this.#failure !== null) {
      for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
      return;
    }
    for (let thread = this.#idle.at(-1); thread !== undefined; thread = this.#idle.at(-1)) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#idle.pop();
      this.#running.set(thread, next);
      thread.postMessage(next.task);
    }
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    for (const { reject } of this.#running.values()) reject(this.#failure);
    this.#running.clear();
    this.#start();
  }
}
