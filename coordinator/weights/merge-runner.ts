import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { MergeAnswer } from "./merge-thread.ts";
import type { MergeTask } from "./merge-version.ts";
import { WeightsError } from "./weights-store.ts";

interface Waiting {
  readonly task: MergeTask;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The built program of the thread: beside this file where that is built, too; of sources in `dist`, as when tests run. */
function threadFile(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [here, join(here, "../../dist/coordinator/weights")].map((path) => join(path, "merge-thread.js"));
  const file = candidates.find((path) => existsSync(path));
  if (file === undefined)
    throw new Error(`the program that merges weights is missing; looked in ${candidates.join(" and ")}`);
  return file;
}

/** A thread that merges, first come, first served: none -> (a task) running -> (it has died) none -> .. -> closed. */
export class MergeThread {
  readonly #file = threadFile();
  readonly #waiting: Waiting[] = [];
  #thread: Worker | null = null;
  #isClosed = false;

  /** Makes a version as `mergeVersion` does, and rejects as that throws; with WeightsError `unavailable` where the thread dies or is closed. */
  run(task: MergeTask): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(new WeightsError("unavailable", "the store of shared weights is closed"));
        return;
      }
      this.#waiting.push({ task, resolve, reject });
      if (this.#waiting.length === 1) this.#next();
    });
  }

  /** Ends the thread, wherever a merge is: that one leaves nothing that counts. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const thread = this.#thread;
    this.#fail(new WeightsError("unavailable", "the store of shared weights was closed"));
    await thread?.terminate();
  }

  #next(): void {
    const [first] = this.#waiting;
    // An idle thread keeps no process alive.
    if (first === undefined) this.#thread?.unref();
    else {
      this.#thread ??= this.#start();
      this.#thread.ref();
      this.#thread.postMessage(first.task);
    }
  }

  #start(): Worker {
    const thread = new Worker(this.#file, { execArgv: [] });
    thread.on("message", (answer: MergeAnswer) => {
      const done = this.#waiting.shift();
      if (answer.type === "made") done?.resolve();
      else
        done?.reject(answer.code === null ? new Error(answer.message) : new WeightsError(answer.code, answer.message));
      this.#next();
    });
    const died = (why: string): void => {
      if (this.#thread === thread) this.#fail(new WeightsError("unavailable", `the thread that merges weights ${why}`));
    };
    thread.on("error", (error) => died(`has failed: ${error.message}`));
    thread.on("exit", (code) => died(`has ended with ${code}`));
    return thread;
  }

  #fail(error: WeightsError): void {
    this.#thread = null;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
