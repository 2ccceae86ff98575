import * as tf from "@tensorflow/tfjs-core";
import { encodeNetwork } from "../../network/codec.ts";
import { plainRecipe, type TrainEvaluation } from "../../network/evaluation.ts";
import { sharedSlices } from "../../network/shared-weights.ts";
import { withoutSharedNames } from "../../network/trained-tensors.ts";
import type { Graph } from "../../network/types.ts";
import { encodeWeights } from "../../network/weights-codec.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { encodeTrained, type TrainedNetwork } from "../../worker/checkpoint/trained-file.ts";
import { evaluationBatches } from "../../worker/data/batches.ts";
import type { EvaluationContext } from "../../worker/evaluator/evaluator.ts";
import { loadWeights } from "../../worker/evaluator/supernet/slices.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { loadTrained } from "../../worker/evaluator/trained-weights.ts";
import { buildModel, type Model } from "../../worker/model/model.ts";
import { describeDataset, lossesOf, shorten } from "./python-golden-losses.ts";
import { madeUpNetwork } from "./trained-networks.ts";
import { contextOf } from "./training-checkpoints.ts";
import { tinyDataset, tinyNetwork, tinyTraining } from "./training-networks.ts";

const dataset = tinyDataset({ train: 60, validation: 30, test: 30 });

/** The tiny network, as a slice of a supernet. */
const sliced: Graph = {
  ...tinyNetwork,
  layers: tinyNetwork.layers.map((layer, index) =>
    layer.type === "globalPool" ? layer : { ...layer, sharedWeights: `block${index}` },
  ),
};

const teacher = madeUpNetwork(tinyNetwork, dataset.name, 5);
const start = madeUpNetwork(tinyNetwork, dataset.name, 9)
  .tensors.filter(({ name }) => !/\/(mean|variance)$/.test(name))
  .map(({ values }) => values);

function modelOf(trained: TrainedNetwork): Model {
  const model = buildModel(trained.graph, 0);
  loadTrained(model, trained);
  return model;
}

/** Of each image of the validation part. */
async function logitsOf(trained: TrainedNetwork) {
  const model = modelOf(trained);
  const { height, width, channels } = dataset.input;
  const logits: number[][] = [];
  for (const { images, count } of evaluationBatches(dataset, dataset.validation, 1, Infinity)) {
    const rows = tf.tidy(() => model.infer(tf.tensor4d(images, [count, height, width, channels])));
    logits.push(shorten(await rows.data()));
    rows.dispose();
  }
  model.dispose();
  return logits;
}

/** Final trainings: a teacher's file with what it infers, and trainings from slices and with the teacher. */
export async function finals() {
  const backend = await selectBackend("wasm");
  const recipe = { labelSmoothing: 0.1, augment: true, averageDecay: 0.6 };
  const common: TrainEvaluation = { ...tinyTraining, part: "test", keepWeights: true };
  const cases = [
    { network: sliced, evaluation: { ...common, recipe: plainRecipe, startVersion: 7 } },
    { network: tinyNetwork, evaluation: { ...common, recipe: plainRecipe, teacher: "5".repeat(64) } },
    { network: sliced, evaluation: { ...common, recipe, startVersion: 7, teacher: "5".repeat(64) } },
  ];
  const file = encodeTrained(teacher);
  const context: EvaluationContext = {
    ...contextOf(),
    fetchFile: () => Promise.resolve(file),
    keepWeights: (bytes) => Promise.resolve({ sha256: "0".repeat(64), sizeBytes: bytes.length }),
    weights: { fetch: () => Promise.resolve(start), put: () => Promise.reject(new Error("nothing is sent back")) },
  };
  const trainings: unknown[] = [];
  for (const { network, evaluation } of cases) {
    const evaluator = createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(dataset) });
    const { accuracy, loss } = await evaluator.evaluate(network, evaluation, context);
    const { steps, batch, seed, learningRate, weightDecay, recipe: ofCase } = evaluation;
    const isFromSlice = "startVersion" in evaluation;
    const model = buildModel(network, seed);
    if (isFromSlice) loadWeights(model, start);
    const master = "teacher" in evaluation ? modelOf(teacher) : null;
    const losses = await lossesOf({ model, teacher: master }, dataset, dataset.trainAndValidation, evaluation);
    model.dispose();
    master?.dispose();
    trainings.push({
      ...{ network: encodeNetwork(network), own: encodeNetwork(withoutSharedNames(network)) },
      evaluation: { steps, batch, seed, learningRate, weightDecay, recipe: ofCase },
      ...{ startVersion: isFromSlice ? 7 : 0, teacher: master === null ? "" : "5".repeat(64) },
      ...{ losses, accuracy, loss },
    });
  }
  return {
    dataset: describeDataset(dataset),
    teacher: { file: Buffer.from(file).toString("base64"), logits: await logitsOf(teacher) },
    start: { slices: sharedSlices(sliced), bytes: Buffer.from(encodeWeights(start, "float32")).toString("base64") },
    trainings,
  };
}
