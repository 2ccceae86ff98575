import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { tfjsModel } from "../../coordinator/export/tfjs/model.ts";
import { shippedSpaces } from "../../coordinator/search/space/registry.ts";
import type { Graph } from "../../network/types.ts";
import { loadBackend } from "../../worker/backend/select-backend.ts";
import type { TrainedNetwork } from "../../worker/checkpoint/trained-file.ts";
import { loadTrained } from "../../worker/evaluator/trained-weights.ts";
import { buildModel } from "../../worker/model/model.ts";
import { randomStream } from "../../network/random.ts";
import { smallGraphs } from "../support/network-arbitraries.ts";
import { openTfjsModel, runTfjsModel } from "../support/tfjs-model.ts";
import { madeUpNetwork } from "../support/trained-networks.ts";

const normalization = { mean: 73.25, deviation: 90.5 };
const images = 2;

beforeAll(async () => {
  await loadBackend("cpu", true);
  await loadBackend("wasm", true);
});

function randomPixels({ height, width, channels }: Graph["input"], seed: number): Float32Array {
  const random = randomStream(seed, "pixels");
  return Float32Array.from({ length: images * height * width * channels }, () => Math.floor(256 * random()));
}

/** Our own model's logits, on our kernels. */
async function ownLogits(trained: TrainedNetwork, pixels: Float32Array): Promise<Float32Array> {
  await tf.setBackend("wasm");
  const { height, width, channels } = trained.graph.input;
  const model = buildModel(trained.graph, 0);
  loadTrained(model, trained);
  const { mean, deviation } = normalization;
  const normalized = pixels.map((pixel) => (pixel - mean) / deviation);
  const input = tf.tensor4d(normalized, [images, height, width, channels]);
  const logits = model.infer(input);
  const values = logits.dataSync() as Float32Array;
  tf.dispose([input, logits]);
  model.dispose();
  return values;
}

/** What tfjs's layers make of the export on its own plain kernels. */
async function exportedOutputs(trained: TrainedNetwork, pixels: Float32Array) {
  await tf.setBackend("cpu");
  const { graph, tensors } = trained;
  const { height, width, channels } = graph.input;
  const exported = tfjsModel({ graph, weights: tensors, normalization, generatedBy: "a test", metadata: {} });
  const model = await openTfjsModel(exported);
  const input = tf.tensor4d(pixels, [images, height, width, channels]);
  const outputs = runTfjsModel(model, input);
  input.dispose();
  model.dispose();
  return outputs;
}

function softmax(row: Float32Array): number[] {
  const largest = Math.max(...row);
  const powers = [...row].map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The largest difference as a share of the largest number, of 1 where all are smaller. */
function difference(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const largest = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return (
    Array.from(wanted).reduce((most, value, index) => Math.max(most, Math.abs(value - found[index]!)), 0) / largest
  );
}

async function expectAgreement(graph: Graph, seed: number): Promise<void> {
  const trained = madeUpNetwork(graph, "made-up", seed);
  const pixels = randomPixels(graph.input, seed);
  const wanted = await ownLogits(trained, pixels);
  const [logits, probabilities] = await exportedOutputs(trained, pixels);
  expect(logits).toHaveLength(wanted.length);
  expect(difference(logits, wanted)).toBeLessThan(1e-5);
  const classes = wanted.length / images;
  for (let image = 0; image < images; image += 1) {
    const row = (values: Float32Array) => values.subarray(image * classes, (image + 1) * classes);
    expect(difference(row(probabilities), softmax(row(logits)))).toBeLessThan(1e-5);
  }
}

describe("a network exported for tfjs gives the logits of the network, and their probabilities,", () => {
  test("whatever its layers are", async () => {
    await fc.assert(
      fc.asyncProperty(smallGraphs, fc.nat(1000), (graph, seed) => expectAgreement(graph, seed)),
      { numRuns: 60 },
    );
  });

  test("in the space mbconv-small, with its smallest and its largest choices", async () => {
    const space = shippedSpaces.get("mbconv-small")!.make();
    for (const sample of [space.choices.map(() => 0), space.choices.map(({ arms }) => arms.length - 1)]) {
      await expectAgreement(space.decode(sample) as Graph, 3);
    }
  });
});

test("an export refuses weights that are not the network's", () => {
  const graph: Graph = {
    type: "graph",
    input: { height: 1, width: 1, channels: 2 },
    layers: [{ type: "globalPool" }, { type: "dense", units: 3, bias: true, activation: "none" }],
  };
  const { tensors } = madeUpNetwork(graph, "made-up", 1);
  const write = (weights: typeof tensors) =>
    tfjsModel({ graph, weights, normalization, generatedBy: "a test", metadata: {} });
  expect(() => write(tensors.slice(1))).toThrow("The weights 1/dense are missing; the network has 6 of them.");
  const [dense, bias] = tensors;
  const short = { ...bias!, values: new Float32Array(2) };
  expect(() => write([dense!, short])).toThrow("The weights 1/dense/bias are 2 numbers; the network has 3 of them.");
});
