import { shippedSpaces } from "../../coordinator/search/space/registry.ts";
import { encodeNetwork } from "../../network/codec.ts";
import { networkCost } from "../../network/cost.ts";
import type { TrainEvaluation } from "../../network/evaluation.ts";
import type { Activation, Conv, Dense, Graph, Layer, MbConv } from "../../network/types.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { trainingBatches } from "../../worker/data/batches.ts";
import type { Dataset } from "../../worker/data/dataset.ts";
import { learningRateAt } from "../../worker/evaluator/learning-rate.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { buildModel } from "../../worker/model/model.ts";
import { normalNumbers, randomStream } from "../../network/random.ts";
import { describeDataset, lossesOf, lossSteps, shorten } from "./python-golden-losses.ts";
import { finals } from "./python-golden-finals.ts";
import { contextOf } from "./training-checkpoints.ts";
import { twoBlockNetwork } from "../../worker/backend/measure-backend.ts";
import { bandsDataset, tinyDataset, tinyNetwork, tinyTraining } from "./training-networks.ts";

/** What workers in other languages must agree with, as golden files: file name to content. */
export async function makePythonGolden(): Promise<Readonly<Record<string, unknown>>> {
  return {
    "streams.json": streams(),
    "networks.json": networks().map((network) => ({ network: encodeNetwork(network), ...networkCost(network) })),
    "learning-rates.json": [1, 9, 30, 120].map((steps) => ({ steps, peak: 0.2, rates: ratesOf(steps) })),
    "training.json": await trainings(),
    "finals.json": await finals(),
  };
}

function streams() {
  return [
    { seed: 1, name: "weights/0" },
    { seed: 2 ** 32 - 1, name: "epoch/3" },
  ].map(({ seed, name }) => {
    const [uniform, random] = [randomStream(seed, name), randomStream(seed, name)];
    const normal = [...normalNumbers(random, 5, 0.5)];
    return { seed, name, uniform: Array.from({ length: 8 }, uniform), normal, afterNormal: random() };
  });
}

/** Networks that hold every operation with every setting that changes what it is. */
function networks(): readonly Graph[] {
  const activations: readonly Activation[] = ["none", "relu", "relu6", "swish"];
  const conv: Conv = { type: "conv", outChannels: 5, kernel: 3, stride: 1, batchNorm: true, activation: "relu" };
  const block: MbConv = {
    ...{ type: "mbconv", midChannels: 12, outChannels: 4, kernel: 3, stride: 1, seChannels: 0, activation: "swish" },
  };
  const dense: Dense = { type: "dense", units: 3, bias: true, activation: "none" };
  const withLayers = (...layers: readonly Layer[]): Graph => ({
    ...{ type: "graph", input: { height: 7, width: 9, channels: 4 } },
    layers: [...layers, { type: "globalPool" }, dense],
  });
  const variants: readonly Layer[] = [
    ...activations.flatMap((activation) => [
      { ...conv, activation },
      { ...conv, activation, batchNorm: false },
      { ...block, activation },
    ]),
    ...[1, 5, 7].flatMap((kernel) =>
      [1, 2, 3].flatMap((stride) => [conv, block].map((one) => ({ ...one, kernel, stride }))),
    ),
    ...[1, 3].flatMap((seChannels) =>
      [4, 12].flatMap((midChannels) =>
        [4, 6].map((outChannels) => ({ ...block, seChannels, midChannels, outChannels })),
      ),
    ),
  ];
  const heads = activations.map((activation) => ({
    ...withLayers(conv),
    layers: [{ type: "globalPool" as const }, { ...dense, activation }, { ...dense, bias: false }],
  }));
  const samples = [...shippedSpaces.values()].flatMap(({ make }) => {
    const space = make();
    const ends = [space.choices.map(() => 0), space.choices.map(({ arms }) => arms.length - 1)];
    return ends.map((arms) => space.decode(arms)).filter((network) => network.type === "graph");
  });
  return [...variants.map((layer) => withLayers(layer)), ...heads, tinyNetwork, twoBlockNetwork(2), ...samples];
}

const ratesOf = (steps: number) => Array.from({ length: steps }, (_, step) => learningRateAt(step, steps, 0.2));

async function trainings() {
  const backend = await selectBackend("wasm");
  const cases = [
    {
      network: tinyNetwork,
      evaluation: tinyTraining,
      dataset: tinyDataset({ train: 60, validation: 30, test: 30 }),
      isWhole: true,
    },
    {
      network: tinyNetwork,
      evaluation: { ...tinyTraining, recipe: { labelSmoothing: 0.1, augment: true, averageDecay: 0.6 } },
      dataset: tinyDataset({ train: 60, validation: 30, test: 30 }),
      isWhole: true,
    },
    {
      network: twoBlockNetwork(2),
      // At five times the rate a change of the weights in their last bit changes the tenth loss by three parts in ten thousand.
      evaluation: { ...tinyTraining, seed: 3, steps: 30, batch: 64, learningRate: 0.02 },
      dataset: bandsDataset({ height: 28, width: 28, channels: 1 }, 10, { train: 200, validation: 40, test: 40 }),
      isWhole: false,
    },
  ];
  const results: unknown[] = [];
  for (const { network, evaluation, dataset, isWhole } of cases) {
    const evaluator = createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(dataset) });
    const { accuracy, loss } = await evaluator.evaluate(network, evaluation, contextOf());
    const { steps, batch, seed, learningRate, weightDecay, recipe } = evaluation;
    const model = buildModel(network, seed);
    const losses = await lossesOf({ model, teacher: null }, dataset, dataset.train, evaluation);
    model.dispose();
    results.push({
      ...{ network: encodeNetwork(network), evaluation: { steps, batch, seed, learningRate, weightDecay, recipe } },
      dataset: describeDataset(dataset),
      ...(isWhole ? { weights: await weightsOf(network, seed), batches: batchesOf(dataset, evaluation) } : {}),
      ...{ losses, accuracy, loss },
    });
  }
  return results;
}

/** Each parameter's shape and numbers, in order of application. */
async function weightsOf(network: Graph, seed: number) {
  const model = buildModel(network, seed);
  const weights = await Promise.all(
    model.variables.map(async (variable) => ({ shape: variable.shape, values: shorten(await variable.data()) })),
  );
  model.dispose();
  return weights;
}

/** The first batches: pixels as bytes in base64, and labels. */
function batchesOf(dataset: Dataset, { batch, seed, recipe }: TrainEvaluation) {
  const stream = trainingBatches(dataset, dataset.train, batch, seed, 0, recipe.augment);
  return Array.from({ length: lossSteps }, () => {
    const { images, labels } = stream.next().value;
    const pixels = Uint8Array.from(images as Float32Array, (pixel: number) =>
      Math.round(pixel * dataset.deviation + dataset.mean),
    );
    return { images: Buffer.from(pixels).toString("base64"), labels: [...labels] };
  });
}
