import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import pino from "pino";
import { FpnasClient } from "../../client/client.ts";
import type { Job } from "../../client/types.ts";
import { startCoordinator } from "../../coordinator/serve.ts";
import { encodeNetwork } from "../../network/codec.ts";
import type { Backend } from "../../worker/backend/backend.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { decodeTrained } from "../../worker/checkpoint/trained-file.ts";
import { loadDataset } from "../../worker/data/load-dataset.ts";
import { scoreModel } from "../../worker/evaluator/score.ts";
import { createSupernetEvaluator } from "../../worker/evaluator/supernet/supernet.ts";
import { loadTrained } from "../../worker/evaluator/trained-weights.ts";
import { buildModel } from "../../worker/model/model.ts";
import { startWorker } from "../../worker/serve.ts";
import { smallSpace } from "../support/supernet-job.ts";

const logger = pino({ level: "silent" });
/** Of ten thousand images those may be told otherwise that lie between two classes to the last digits. */
const accuracyTolerance = 5e-4;
const longestJobMs = 300_000;

/** Waits for a job's end. Throws Error where it does not come, or is none to be glad of. */
async function finish(client: FpnasClient, name: string): Promise<Job> {
  const over = new AbortController();
  const end = (async () => {
    let last: Job | null = null;
    for await (const job of client.watchJob(name)) last = job;
    return last;
  })();
  const late = delay(longestJobMs, null, { signal: over.signal }).catch(() => null);
  const job = await Promise.race([end, late]).finally(() => over.abort());
  if (job?.state === "succeeded") return job;
  throw new Error(`${name} ${job === null ? "has not ended in time" : `has ${job.state}: ${String(job.error)}`}`);
}

/** Holds the kept weights of each network of a final training to what was measured: here they must come to the same. Tells the accuracies. */
async function checkKept(client: FpnasClient, { result }: Job): Promise<readonly number[]> {
  const dataset = await loadDataset("mnist");
  const comparisons = result?.comparisons ?? [];
  const trained = [{ ...result?.final, network: result?.network }, ...comparisons.map((each) => ({ ...each }))];
  for (const each of trained) {
    const { weights, accuracy = NaN } = each;
    if (weights === undefined) throw new Error("a network of the final training has left no weights");
    const kept = decodeTrained(await client.fetchFile(weights.sha256));
    if ("network" in each && JSON.stringify(encodeNetwork(kept.graph)) !== JSON.stringify(each.network)) {
      throw new Error("the weights are of another network than the answer");
    }
    const model = buildModel(kept.graph, 0);
    loadTrained(model, kept);
    const score = await scoreModel(model, dataset, dataset.test, Infinity, new AbortController().signal);
    model.dispose();
    if (!(Math.abs(score.accuracy - accuracy) <= accuracyTolerance)) {
      throw new Error(`the kept weights are right of ${score.accuracy} images here, and of ${accuracy} there`);
    }
  }
  return trained.map(({ accuracy = NaN }) => accuracy);
}

/** A search over small networks on MNIST: after 60 steps even the least of them knows far more than chance. */
async function searchAlone(client: FpnasClient): Promise<string> {
  const { name } = await client.createJob({
    jobId: "alone",
    spec: {
      space: { file: "my-space.yaml" },
      algorithm: { name: "random" },
      evaluator: { train: { dataset: "mnist", steps: 60, evalExamples: 500 } },
      budget: { trials: 4 },
      final: { steps: 60, random: 1, distill: { teacher: "largest" } },
    },
    files: new Map([["my-space.yaml", readFileSync(new URL("../../../examples/my-space.yaml", import.meta.url))]]),
  });
  const job = await finish(client, name);
  const accuracies: number[] = [];
  for await (const { measurement } of client.listTrials(name)) accuracies.push(measurement?.accuracy ?? 0);
  const kept = await checkKept(client, job);
  if (accuracies.length !== 7 || kept.length !== 3 || Math.min(...accuracies) < 0.4) {
    throw new Error(`the accuracies are ${accuracies.join(" ")}`);
  }
  return accuracies.map((accuracy) => accuracy.toFixed(3)).join(" ");
}

/** A supernet's search whose draws a worker in TypeScript does, which does no final trainings. */
async function searchBesideTypescript(client: FpnasClient, coordinator: string, backend: Backend): Promise<string> {
  const evaluators = [createSupernetEvaluator({ backend, loadDataset })];
  const draws = startWorker({ coordinator, workerId: "draws", host: "", backend: backend.name, evaluators, logger });
  try {
    const recipe = { labelSmoothing: 0.1, augment: true, averageDecay: 0.5 };
    const { name } = await client.createJob({
      jobId: "beside",
      spec: {
        space: { file: "small.json" },
        algorithm: { name: "fp-nas", kMin: 4, kMax: 4 },
        stages: [{ name: "coarse", slots: "factorized" }],
        evaluator: { supernet: { dataset: "mnist", localSteps: 2, batch: 32, validationExamples: 64 } },
        budget: { trials: 16 },
        final: { steps: 300, random: 1, from: "slice", distill: { teacher: "largest" }, ...recipe },
      },
      files: new Map([["small.json", Buffer.from(JSON.stringify(smallSpace))]]),
    });
    const accuracies = await checkKept(client, await finish(client, name));
    if (accuracies.length !== 3 || Math.min(...accuracies) < 0.3) {
      throw new Error(`the accuracies are ${accuracies.join(" ")}`);
    }
    return accuracies.map((accuracy) => accuracy.toFixed(3)).join(" ");
  } finally {
    await draws.stop();
  }
}

/**
 * Has a worker do a whole search with its final trainings alone, and then those of a supernet's search whose draws a worker in TypeScript does;
 * what they keep must be the same networks here. Throws Error where anything is not as it should be.
 * @param start Starts the worker on a coordinator at HOST:PORT.
 */
export async function runPythonJobs(start: (coordinator: string) => ChildProcess): Promise<void> {
  const config = { listen: "127.0.0.1:0", advertise: null, health: null, store: "memory:", weights: null };
  const coordinator = await startCoordinator({ ...config, leaseTtlMs: 30_000, logger });
  const client = new FpnasClient(coordinator.address);
  const child = start(coordinator.address);
  const exited = once(child, "exit") as Promise<[number | null]>;
  try {
    const backend = await selectBackend("wasm");
    console.error(`alone, trials and final trainings: ${await searchAlone(client)}`);
    const beside = await searchBesideTypescript(client, coordinator.address, backend);
    console.error(`final trainings of a supernet's search: ${beside}`);
  } finally {
    child.kill("SIGTERM");
    const [code] = await exited;
    client.close();
    await coordinator.stop();
    console.error(`exit code ${code}`);
    if (code !== 0) process.exitCode = 1;
  }
}
