import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { parseMbconvDefinition } from "../../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../../coordinator/search/space/mbconv-space.ts";
import { sharedSlices } from "../../network/shared-weights.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { softmaxCrossEntropy } from "../../worker/model/loss.ts";
import { buildModel } from "../../worker/model/model.ts";
import { loadWeights } from "../../worker/evaluator/supernet/slices.ts";
import { randomStream } from "../../network/random.ts";
import { ReferenceSupernet } from "../support/reference-supernet.ts";
import { placesOf, randomTensors, sliceOf } from "../support/supernet-weights.ts";

/** Every operation, every kind of choice, every activation. */
const space = mbconvSpace(
  parseMbconvDefinition({
    name: "all",
    input: { height: 6, width: 6, channels: 2 },
    classes: 3,
    stem: { channels: 4, activation: "swish" },
    blocks: [
      {
        name: "a",
        channels: [4, 6],
        kernel: [0, 3, 5],
        expansion: [1, 2],
        se: [0, 1],
        activation: ["relu", "swish", "none"],
        repeat: 2,
      },
      {
        name: "b",
        channels: [4, 8],
        kernel: [0, 3],
        expansion: [1, 1.5],
        stride: 2,
        choices: "each",
      },
      {
        name: "c",
        channels: 8,
        operations: [
          { name: "skip", kernel: 0 },
          { name: "k5", kernel: 5, expansion: 2, se: 1, activation: "relu6" },
        ],
      },
    ],
    roundMid: 2,
    head: { channels: 8, hidden: 5, activation: "relu" },
  }),
);
const supernet = space.supernet!();
const arms = fc.tuple(...space.choices.map(({ arms }) => fc.nat(arms.length - 1)));
/** Samples that have each arm of each choice among them. */
const everyArm = Array.from({ length: Math.max(...space.choices.map(({ arms }) => arms.length)) }, (_, turn) =>
  space.choices.map(({ arms }) => turn % arms.length),
);
const batch = 6;

beforeAll(async () => {
  await selectBackend("cpu");
});

describe("a network of slices", () => {
  test("has the outputs and gradients that the whole tensors have by automatic differentiation, and none outside its slices", () => {
    fc.assert(
      fc.property(arms, fc.nat(1000), (sample, seed) => {
        const graph = supernet.decode(sample);
        const slices = sharedSlices(graph);
        const tensors = randomTensors(supernet.tensors, seed);
        const random = randomStream(seed, "images");
        const images = tf.tensor4d(
          Float32Array.from({ length: batch * 72 }, () => 2 * random() - 1),
          [batch, 6, 6, 2],
        );
        const labels = tf.tensor1d([0, 1, 2, 0, 1, 2], "int32");

        const model = buildModel(graph, 1);
        loadWeights(
          model,
          slices.map((slice) => sliceOf(tensors, slice)),
        );
        const { value, back } = model.train(images);
        const { gradient } = softmaxCrossEntropy(value, labels);
        back(gradient, false);

        const reference = new ReferenceSupernet(tensors);
        const expected = reference.run(graph, images, labels);
        const logits = value.dataSync();
        expected.logits.forEach((logit, place) =>
          expect(Math.abs(logits[place]! - logit)).toBeLessThan(1e-5 * (1 + Math.abs(logit))),
        );

        const largest = Math.max(
          ...[...expected.gradients.values()].map((values) => Math.max(...values.map(Math.abs))),
        );
        const scattered = new Map([...tensors].map(([name, { values }]) => [name, new Float32Array(values.length)]));
        slices.forEach(({ tensor, shape }, index) => {
          const numbers = model.parameters[index]!.gradient!.dataSync();
          placesOf(tensors.get(tensor)!.shape, shape).forEach(
            (place, at) => (scattered.get(tensor)![place] = numbers[at]!),
          );
        });
        for (const [name, values] of expected.gradients) {
          values.forEach((number, place) =>
            expect(Math.abs(scattered.get(name)![place]! - number)).toBeLessThan(1e-4 * largest),
          );
        }
        model.dispose();
        reference.dispose();
        tf.dispose([images, labels, value, gradient]);
      }),
      { numRuns: 12, examples: everyArm.map((sample) => [sample, 1]) },
    );
  });
});
