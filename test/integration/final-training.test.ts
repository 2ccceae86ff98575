import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Job } from "../../client/types.ts";
import { evaluationFor } from "../../coordinator/scheduling/evaluation.ts";
import type { FinalTrial } from "../../coordinator/search/job-state.ts";
import { encodeNetwork } from "../../network/codec.ts";
import { decodeWeights } from "../../network/weights-codec.ts";
import type { Backend } from "../../worker/backend/backend.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { decodeTrained } from "../../worker/checkpoint/trained-file.ts";
import type { EvaluationContext } from "../../worker/evaluator/evaluator.ts";
import { scoreModel } from "../../worker/evaluator/score.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { loadTrained } from "../../worker/evaluator/trained-weights.ts";
import { buildModel } from "../../worker/model/model.ts";
import { SupernetJobBench } from "../support/supernet-job.ts";
import { contextOf } from "../support/training-checkpoints.ts";
import { bandsDataset } from "../support/training-networks.ts";

const dataset = bandsDataset({ height: 28, width: 28, channels: 1 }, 10, { train: 64, validation: 64, test: 40 });
const recipe = { labelSmoothing: 0.1, augment: true, averageDecay: 0.5 };
const spec = {
  algorithm: { name: "fp-nas", kMin: 4, kMax: 4 },
  stages: [{ name: "coarse", slots: "factorized" }],
  evaluator: { supernet: { dataset: "mnist", localSteps: 1, batch: 16, validationExamples: 32 } },
  budget: { trials: 4 },
  final: { steps: 3, random: 1, from: "slice", distill: { teacher: "largest" }, ...recipe },
};

const bench = new SupernetJobBench();
let backend: Backend;
beforeAll(async () => {
  backend = await selectBackend("wasm");
  await bench.start();
});
afterAll(() => bench.close());

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The weights that the answer's final training must have come to: trained here, by what the job says of it. */
async function trainAnew(job: Job): Promise<Uint8Array> {
  const finals: FinalTrial[] = [];
  let kept = new Uint8Array();
  for await (const { role, measurement, arms } of bench.client.listTrials(job.name)) {
    if (role === "final_largest" && measurement !== null)
      finals.push({ role: "finalLargest", trial: 1, arms, outcome: { type: "completed", measurement } });
  }
  for await (const trial of bench.client.listTrials(job.name)) {
    if (trial.role !== "final_answer" || trial.network.type !== "graph") continue;
    const version = job.result!.supernet!.version;
    expect(trial.round).toBe(version);
    const evaluation = evaluationFor(
      job.spec,
      new Map(),
      { role: "finalAnswer", trial: 1, round: version },
      { finals },
    );
    const context: EvaluationContext = {
      ...contextOf(),
      fetchFile: (hash) => bench.client.fetchFile(hash),
      keepWeights: (bytes) => {
        kept = new Uint8Array(bytes);
        return Promise.resolve({ sha256: sha256(bytes), sizeBytes: bytes.length });
      },
      weights: {
        fetch: async ({ version: asked, slices, precision }) => {
          const chunks: Uint8Array[] = [];
          for await (const chunk of bench.weights.fetch("default/taught", asked, slices, precision)) chunks.push(chunk);
          return decodeWeights(Buffer.concat(chunks), slices, precision);
        },
        put: () => Promise.reject(new Error("nothing is sent back")),
      },
    };
    const evaluator = createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(dataset) });
    await evaluator.evaluate(trial.network, evaluation, context);
  }
  return kept;
}

test("a supernet's answer is trained from its slice beside the largest network, and its weights outlive the job", async () => {
  const name = await bench.submit("taught", spec);
  const job = await bench.work(name, backend, dataset);
  expect(job).toMatchObject({ state: "succeeded", error: null });
  const result = job.result!;
  expect(result.distillation).toEqual({ teacher: "largest" });
  expect(result.comparisons?.map(({ role }) => role)).toEqual(["random", "largest"]);

  const { weights, accuracy } = result.final!;
  const bytes = await bench.client.fetchFile(weights!.sha256);
  expect(bytes.length).toBe(weights!.sizeBytes);
  const trained = decodeTrained(bytes);
  expect(encodeNetwork(trained.graph)).toEqual(result.network);
  const model = buildModel(trained.graph, 0);
  loadTrained(model, trained);
  const score = await scoreModel(model, dataset, dataset.test, Infinity, new AbortController().signal);
  model.dispose();
  expect(score.accuracy).toBe(accuracy);
  expect(sha256(await trainAnew(job))).toBe(weights!.sha256);

  const largest = result.comparisons!.find(({ role }) => role === "largest")!;
  const file = Buffer.from(await bench.client.fetchFile(largest.weights!.sha256));
  const { name: next } = await bench.client.createJob({
    jobId: "pupils",
    spec: {
      space: { file: "small.json" },
      ...{ algorithm: { name: "random" }, evaluator: { train: { dataset: "mnist", steps: 1, batch: 16 } } },
      ...{ budget: { trials: 1 }, final: { steps: 2, distill: { teacher: { file: "teacher.safetensors" } } } },
    },
    files: new Map([["teacher.safetensors", file], ...bench.files]),
  });
  const pupils = await bench.work(next, backend, dataset);
  expect(pupils).toMatchObject({
    state: "succeeded",
    result: { distillation: { teacher: "teacher.safetensors" }, final: { steps: 2 } },
  });
}, 120_000);
