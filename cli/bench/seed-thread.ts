/** A thread of `SeedThreads`: answers each task with its records. */
import { parentPort, workerData } from "node:worker_threads";
import { taskRunner, type SeedTask } from "./seed-tasks.ts";
import type { ThreadData } from "./seed-threads.ts";

const { sources, settings } = workerData as ThreadData;
const run = taskRunner(sources, settings, () => performance.now());
parentPort?.on("message", (task: SeedTask) => parentPort?.postMessage(run(task)));
