import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import { parseMbconvDefinition } from "../../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../../coordinator/search/space/mbconv-space.ts";
import type { SupernetEvaluation } from "../../network/evaluation.ts";
import { sharedSlices } from "../../network/shared-weights.ts";
import type { Graph } from "../../network/types.ts";
import { sliceSize } from "../../network/weights-codec.ts";
import type { Backend } from "../../worker/backend/backend.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { trainingBatches, type Batch } from "../../worker/data/batches.ts";
import type { EvaluationContext } from "../../worker/evaluator/evaluator.ts";
import { createSupernetEvaluator } from "../../worker/evaluator/supernet/supernet.ts";
import { buildModel } from "../../worker/model/model.ts";
import { createMomentum } from "../../worker/model/momentum.ts";
import { softmaxCrossEntropy } from "../../worker/model/loss.ts";
import { trainingStep } from "../../worker/model/training-step.ts";
import { randomTensors, sliceOf, TensorWeights } from "../support/supernet-weights.ts";
import { expectNoTensorLeft } from "../support/tensor-leaks.ts";
import { contextOf } from "../support/training-checkpoints.ts";
import { tinyDataset } from "../support/training-networks.ts";

const space = mbconvSpace(
  parseMbconvDefinition({
    name: "tiny",
    input: { height: 6, width: 6, channels: 1 },
    classes: 3,
    stem: { channels: 4 },
    blocks: [{ name: "a", channels: [4, 8], kernel: [0, 3], expansion: [1, 2], se: [0, 1], stride: 2 }],
    head: { channels: 8 },
  }),
);
const supernet = space.supernet!();
const tensors = randomTensors(supernet.tensors, 3);
const data = tinyDataset({ train: 60, validation: 30, test: 30 });
const graph = supernet.decode([1, 1, 1, 1]);
const evaluation: SupernetEvaluation = {
  ...{ type: "supernet", seed: 5, dataset: "tiny", version: 7, localSteps: 3, batch: 8, learningRate: 0.1 },
  ...{ weightDecay: 1e-3, validationSeed: 11, evalExamples: 16, precision: "float32" },
};

let backend: Backend;
beforeAll(async () => {
  backend = await selectBackend("wasm");
});
expectNoTensorLeft();

const weightsContext = (weights = new TensorWeights(tensors), signal?: AbortSignal): EvaluationContext => ({
  ...contextOf(signal),
  weights,
});
const evaluator = () => createSupernetEvaluator({ backend, loadDataset: () => Promise.resolve(data) });
const evaluate = (changes: Partial<SupernetEvaluation> = {}, context = weightsContext(), network: Graph = graph) =>
  evaluator().evaluate(network, { ...evaluation, ...changes }, context);

/** A model with its slices, made without the evaluator. */
function slicedModel() {
  const model = buildModel(graph, 1);
  sharedSlices(graph).forEach((slice, index) => {
    tf.tidy(() => model.variables[index]!.assign(tf.tensor(sliceOf(tensors, slice), [...slice.shape])));
  });
  return model;
}

const firstBatch = (examples: typeof data.train, size: number, seed: number): Batch =>
  (trainingBatches(data, examples, size, seed, 0).next() as IteratorYieldResult<Batch>).value;

function lossOf(model: ReturnType<typeof slicedModel>, { images, labels, count }: Batch): number {
  return tf.tidy(() => {
    const logits = model.train(tf.tensor4d(images, [count, 6, 6, 1])).value;
    return softmaxCrossEntropy(logits, tf.tensor1d(labels, "int32")).mean.dataSync()[0]!;
  });
}

describe("a trial of a supernet", () => {
  test("measures the round's validation batch, and the first train batch, at the weights as they came", async () => {
    const measured = await evaluate();
    const model = slicedModel();
    expect(measured.loss).toBeCloseTo(lossOf(model, firstBatch(data.validation, 16, 11)), 5);
    expect(measured.trainLoss).toBeCloseTo(lossOf(model, firstBatch(data.train, 8, 5)), 5);
    model.dispose();
    expect(measured.steps).toBe(3);
    expect(measured.update).toEqual({ sha256: "ab".repeat(32), sizeBytes: 4 });
    expect(Object.keys(measured.extra).sort()).toEqual([
      ...["computeSeconds", "putSeconds", "updateBytes", "waitSeconds", "weightsBytes"],
    ]);
    const numbers = sharedSlices(graph).reduce((sum, slice) => sum + sliceSize(slice), 0);
    expect(measured.extra["weightsBytes"]).toBe(4 * numbers);
    expect((await evaluate({ precision: "float16" })).extra["weightsBytes"]).toBe(2 * numbers);
  });

  test("asks for its own slices of its version, and sends what the local steps change of each", async () => {
    const weights = new TensorWeights(tensors);
    await evaluate({ precision: "float16" }, weightsContext(weights));
    const slices = sharedSlices(graph);
    expect(weights.requests).toEqual([{ version: 7, slices, precision: "float16" }]);
    const [{ values, ...rest }] = weights.puts as [(typeof weights.puts)[number]];
    expect(rest).toEqual({ version: 7, slices, precision: "float16" });

    const model = slicedModel();
    const optimizer = createMomentum(model.parameters, 0.9, 1e-3);
    const batches = trainingBatches(data, data.train, 8, 5, 0);
    for (let step = 0; step < 3; step += 1) {
      const { images, labels } = (batches.next() as IteratorYieldResult<Batch>).value;
      const [x, y] = [tf.tensor4d(images, [8, 6, 6, 1]), tf.tensor1d(labels, "int32")];
      tf.dispose([trainingStep(model, optimizer, x, y, 0.1), x, y]);
    }
    slices.forEach((slice, index) => {
      const after = model.variables[index]!.dataSync();
      const before = sliceOf(tensors, slice);
      values[index]!.forEach((change, place) => expect(change).toBeCloseTo(after[place]! - before[place]!, 6));
    });
    expect(values.some((slice) => slice.some((change) => Math.abs(change) > 1e-3))).toBe(true);
    optimizer.dispose();
    model.dispose();
  });

  test("is the same again, bit for bit, and another with another seed", async () => {
    const run = async (changes: Partial<SupernetEvaluation>) => {
      const weights = new TensorWeights(tensors);
      const { accuracy, loss, trainLoss } = await evaluate(changes, weightsContext(weights));
      return { accuracy, loss, trainLoss, values: weights.puts[0]!.values };
    };
    const first = await run({});
    expect(await run({})).toEqual(first);
    expect((await run({ validationSeed: 12 })).loss).not.toBe(first.loss);
    const other = await run({ seed: 6 });
    expect(other.loss).toBe(first.loss);
    expect(other.trainLoss).not.toBe(first.trainLoss);
  });

  test("without local steps gathers statistics, measures the validation part, and changes nothing", async () => {
    const weights = new TensorWeights(tensors);
    const measured = await evaluate({ localSteps: 0, learningRate: 0, evalExamples: 0 }, weightsContext(weights));
    expect(weights.puts).toEqual([]);
    expect(measured).not.toHaveProperty("update");
    expect(measured).not.toHaveProperty("trainLoss");
    expect(measured.steps).toBe(0);
    const few = await evaluate({ localSteps: 0, learningRate: 0, evalExamples: 5 });
    expect([0, 0.2, 0.4, 0.6, 0.8, 1]).toContainEqual(few.accuracy);
    expect(measured.loss).not.toBe(few.loss);
  });
});

describe("a trial that was prepared", () => {
  test("finds its weights, which are fetched once", async () => {
    const weights = new TensorWeights(tensors);
    const context = weightsContext(weights);
    const one = evaluator();
    one.prepare?.(graph, evaluation, context);
    expect(weights.requests).toHaveLength(1);
    await one.evaluate(graph, evaluation, context);
    expect(weights.requests).toHaveLength(1);
    await one.evaluate(graph, evaluation, context);
    expect(weights.requests).toHaveLength(2);
  });

  test("fails where the fetch has failed, and nothing else comes of it", async () => {
    const context = {
      ...weightsContext(),
      weights: { fetch: () => Promise.reject(new Error("gone")), put: () => Promise.reject(new Error()) },
    };
    const one = evaluator();
    one.prepare?.(graph, evaluation, context);
    await new Promise(setImmediate);
    await expect(one.evaluate(graph, evaluation, context)).rejects.toThrow("gone");
  });
});

describe("a trial that cannot be", () => {
  const infeasible = (message: string): unknown =>
    expect.objectContaining({ reason: "infeasible", message: expect.stringContaining(message) });

  test("of a network that names no weights is infeasible", async () => {
    await expect(evaluate({}, weightsContext(), space.decode([1, 1, 1, 1]) as Graph)).rejects.toEqual(
      infeasible("graph.layers[0].sharedWeights"),
    );
  });

  test("with a validation batch that there is not is infeasible", async () => {
    await expect(evaluate({ evalExamples: 31 })).rejects.toEqual(infeasible("from 1 to the 30 validation images"));
    await expect(evaluate({ evalExamples: 0 })).rejects.toEqual(infeasible("not 0"));
  });

  test("whose loss leaves the numbers ends as nan_loss, and sends nothing", async () => {
    const weights = new TensorWeights(tensors);
    await expect(evaluate({ learningRate: 1e30 }, weightsContext(weights))).rejects.toMatchObject({
      reason: "nan_loss",
    });
    expect(weights.puts).toEqual([]);
  });

  test("whose last step leaves the numbers that travel ends as nan_loss, and sends nothing", async () => {
    const weights = new TensorWeights(tensors);
    const steep = { localSteps: 1, learningRate: 1e6 } as const;
    await evaluate({ ...steep, precision: "float32" }, weightsContext(weights));
    expect(weights.puts).toHaveLength(1);
    await expect(evaluate({ ...steep, precision: "float16" }, weightsContext(weights))).rejects.toMatchObject({
      reason: "nan_loss",
      message: expect.stringContaining("which is no float16 number"),
    });
    expect(weights.puts).toHaveLength(1);
  });

  test("of other slices than were asked for says so", async () => {
    const context = {
      ...weightsContext(),
      weights: { fetch: () => Promise.resolve([new Float32Array(1)]), put: () => Promise.reject(new Error()) },
    };
    await expect(evaluate({}, context)).rejects.toThrow("1 slices of weights for");
  });

  test("ends soon after its lease is revoked", async () => {
    const abort = new AbortController();
    const weights = new TensorWeights(tensors);
    setImmediate(() => abort.abort(new Error("revoked")));
    await expect(evaluate({ localSteps: 1000 }, weightsContext(weights, abort.signal))).rejects.toThrow("revoked");
    expect(weights.puts).toEqual([]);
  });
});
