import { plainRecipe, type TrainEvaluation } from "../../network/evaluation.ts";
import type { Graph, Shape } from "../../network/types.ts";
import type { Dataset, Examples } from "../../worker/data/dataset.ts";
import { randomStream } from "../../network/random.ts";

/** A network of a few thousand MACs for 6x6 images that has one of everything. */
export const tinyNetwork: Graph = {
  type: "graph",
  input: { height: 6, width: 6, channels: 1 },
  layers: [
    { type: "conv", outChannels: 6, kernel: 3, stride: 1, batchNorm: true, activation: "swish" },
    { type: "mbconv", midChannels: 10, outChannels: 6, kernel: 3, stride: 1, seChannels: 3, activation: "relu6" },
    { type: "mbconv", midChannels: 6, outChannels: 9, kernel: 5, stride: 2, seChannels: 0, activation: "relu" },
    { type: "conv", outChannels: 8, kernel: 3, stride: 2, batchNorm: false, activation: "swish" },
    { type: "globalPool" },
    { type: "dense", units: 7, bias: true, activation: "relu" },
    { type: "dense", units: 3, bias: false, activation: "none" },
  ],
};

/** A short training of the tiny network on the tiny data set. */
export const tinyTraining: TrainEvaluation = {
  ...{ type: "train", seed: 1, dataset: "tiny", steps: 12, batch: 16, learningRate: 0.1, weightDecay: 1e-4 },
  ...{ part: "validation", evalExamples: 0, recipe: plainRecipe, keepWeights: false },
};

/** How many images each part has. */
type Counts = Readonly<Record<"train" | "validation" | "test", number>>;

/** Images of 6x6 in three classes told apart by which third is bright; every pixel of a part has that part's noise. */
export function tinyDataset(counts: Counts): Dataset {
  return bandsDataset({ height: 6, width: 6, channels: 1 }, 3, counts);
}

/** Images in classes told apart by which band of pixels is bright; every pixel of a part has that part's noise. */
export function bandsDataset(input: Shape, classes: number, counts: Counts): Dataset {
  const pixels = input.height * input.width * input.channels;
  const part = (name: string, count: number): Examples => {
    const random = randomStream(1, name);
    const labels = Uint8Array.from({ length: count }, (_, index) => index % classes);
    const images = Uint8Array.from({ length: count * pixels }, (_, index) => {
      const bright = Math.floor(((index % pixels) * classes) / pixels) === labels[Math.floor(index / pixels)];
      return Math.floor(random() * 100) + (bright ? 150 : 0);
    });
    return { count, images, labels };
  };
  const train = part("train", counts.train);
  const validation = part("validation", counts.validation);
  return {
    name: "tiny",
    input,
    classes,
    train,
    validation,
    test: part("test", counts.test),
    trainAndValidation: {
      count: train.count + validation.count,
      images: Uint8Array.from([...train.images, ...validation.images]),
      labels: Uint8Array.from([...train.labels, ...validation.labels]),
    },
    mean: 100,
    deviation: 80,
    variation: { shift: 1, mirror: true },
  };
}
