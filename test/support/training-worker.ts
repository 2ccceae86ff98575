/**
 * A worker that trains on small made-up images, and saves its trainings many times a second: `node training-worker.js COORDINATOR ID`. It logs
 * as workers do, one JSON object a line, on stdout, and ends on SIGTERM.
 */
import pino from "pino";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { checkpointIntervalMs } from "../../worker/checkpoint/trial-checkpoints.ts";
import { FileSource } from "../../worker/client/file-source.ts";
import { openCoordinator } from "../../worker/client/grpc-coordinator.ts";
import { systemTimers, type Timers } from "../../worker/client/timers.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { Runner } from "../../worker/runner.ts";
import { bandsDataset } from "./training-networks.ts";

const [address = "", workerId = ""] = process.argv.slice(2);

/** All times are as they are, but for the one between two checkpoints. */
const timers: Timers = {
  after: (delayMs, run) => systemTimers.after(delayMs === checkpointIntervalMs ? 20 : delayMs, run),
  soon: (run) => systemTimers.soon(run),
  get nowMs() {
    return systemTimers.nowMs;
  },
};

const backend = await selectBackend("wasm");
const dataset = bandsDataset({ height: 28, width: 28, channels: 1 }, 10, { train: 64, validation: 32, test: 32 });
const coordinator = openCoordinator(address);
const runner = new Runner({
  registration: { workerId, host: "", backend: backend.name, evaluators: ["train", "train.final"] },
  evaluators: [createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(dataset) })],
  coordinator,
  files: new FileSource(coordinator, timers, Math.random),
  timers,
  random: Math.random,
  logger: pino(pino.destination({ dest: 1, sync: true })),
});
process.once("SIGTERM", () => void runner.stop());
runner.start();
await runner.done;
