import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { networkCost } from "../../network/cost.ts";
import type { Graph, Layer } from "../../network/types.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { softmaxCrossEntropy } from "../../worker/model/loss.ts";
import { buildModel, type Model } from "../../worker/model/model.ts";
import { createMomentum } from "../../worker/model/momentum.ts";
import { trainingStep } from "../../worker/model/training-step.ts";
import { graphs } from "../support/network-arbitraries.ts";
import { tinyNetwork } from "../support/training-networks.ts";

let tensorsBefore = 0;
beforeAll(async () => {
  await selectBackend("cpu");
  await selectBackend("wasm");
});
beforeEach(async () => {
  await tf.setBackend("wasm");
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensorsBefore));

const images = (count: number): tf.Tensor4D => tf.randomNormal([count, 6, 6, 1], 0, 1, "float32", 5);
const labels = (count: number): tf.Tensor1D =>
  tf.tensor1d(
    Array.from({ length: count }, (_, i) => i % 3),
    "int32",
  );

/** The mean loss of a batch in training, as a number. */
function lossOf(model: Model, x: tf.Tensor4D, y: tf.Tensor1D): number {
  return tf.tidy(() => softmaxCrossEntropy(model.train(x).value, y).mean.dataSync()[0] ?? NaN);
}

/** Loss before each of `steps` steps, and the final weights. */
async function train(backend: string, graph: Graph, steps: number) {
  await tf.setBackend(backend);
  const model = buildModel(graph, 3);
  const optimizer = createMomentum(model.parameters, 0.9, 1e-3);
  const x = images(9);
  const y = labels(9);
  const losses: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const loss = trainingStep(model, optimizer, x, y, 0.05);
    losses.push(loss.dataSync()[0] ?? NaN);
    loss.dispose();
  }
  model.calibrate(x);
  const logits = model.infer(x);
  const inferred = [...logits.dataSync()];
  tf.dispose([x, y, logits]);
  optimizer.dispose();
  model.dispose();
  return { losses, inferred };
}

describe("a model", () => {
  test("counts the params that the analytic cost says, for any graph", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        fc.pre(networkCost(graph).params < 1e6);
        const model = buildModel(graph, 1);
        const counted = model.countParams();
        model.dispose();
        expect(counted).toBe(networkCost(graph).params);
      }),
      { numRuns: 12 },
    );
  });

  test("has the same first weights for the same seed, on every backend, and others for another seed", async () => {
    const weights = async (backend: string, seed: number): Promise<number[]> => {
      await tf.setBackend(backend);
      const model = buildModel(tinyNetwork, seed);
      const numbers = model.variables.flatMap((variable) => [...variable.dataSync()]);
      model.dispose();
      return numbers;
    };
    const first = await weights("wasm", 1);
    expect(await weights("cpu", 1)).toEqual(first);
    expect(await weights("wasm", 2)).not.toEqual(first);
  });

  test("draws convolution weights with the deviation of He et al.", () => {
    const conv: Layer = { type: "conv", outChannels: 64, kernel: 3, stride: 1, batchNorm: false, activation: "none" };
    const tail: Layer[] = [{ type: "globalPool" }, { type: "dense", units: 2, bias: false, activation: "none" }];
    const model = buildModel(
      { type: "graph", input: { height: 8, width: 8, channels: 32 }, layers: [conv, ...tail] },
      1,
    );
    const filter = model.variables[0]!.dataSync<"float32">();
    const deviation = Math.sqrt(filter.reduce((sum: number, value: number) => sum + value * value, 0) / filter.length);
    expect(deviation / Math.sqrt(2 / (9 * 32))).toBeCloseTo(1, 1);
    model.dispose();
  });

  test("has gradients that numeric differentiation confirms, for every kind of block", () => {
    const model = buildModel(tinyNetwork, 3);
    const x = images(12);
    const y = labels(12);
    tf.tidy(() => {
      const { value, back } = model.train(x);
      back(softmaxCrossEntropy(value, y).gradient, false);
      model.parameters.forEach(({ gradient }) => tf.keep(gradient!));
    });
    for (const [index, { variable, gradient }] of model.parameters.entries()) {
      // Along the gradient the loss must rise by its length; central difference over a small way.
      const length = tf.tidy(() => tf.norm(gradient!).dataSync()[0]!);
      const start = tf.clone(variable);
      const way = 0.005;
      const at = (distance: number): number => {
        tf.tidy(() => variable.assign(tf.add(start, tf.mul(gradient!, distance / length))));
        return lossOf(model, x, y);
      };
      const rise = (at(way) - at(-way)) / (2 * way);
      variable.assign(start);
      start.dispose();
      // A weight that a normalization undoes has no gradient but rounding: hence the absolute part.
      expect({ index, off: Math.abs(rise - length) > 0.05 * length + 5e-4 }).toEqual({ index, off: false });
    }
    tf.dispose([x, y]);
    model.dispose();
  });

  test("trains alike on the fused wasm kernels and on plain cpu operations", async () => {
    const [wasm, cpu] = [await train("wasm", tinyNetwork, 8), await train("cpu", tinyNetwork, 8)];
    wasm.losses.forEach((loss, step) => expect(loss / cpu.losses[step]!).toBeCloseTo(1, 4));
    wasm.inferred.forEach((logit, i) => expect(logit).toBeCloseTo(cpu.inferred[i]!, 3));
    expect(wasm.losses.at(-1)).toBeLessThan(wasm.losses[0]!);
  });

  test("repeats a training bit for bit", async () => {
    expect(await train("wasm", tinyNetwork, 5)).toEqual(await train("wasm", tinyNetwork, 5));
  });

  test("adds the input where stride is 1 and the channels stay, and nowhere else", () => {
    const block = { type: "mbconv", midChannels: 4, kernel: 3, seChannels: 0, activation: "none" } as const;
    const logitsOf = (stride: number, outChannels: number): number[] => {
      const layers: Layer[] = [
        { ...block, stride, outChannels },
        { type: "globalPool" },
        { type: "dense", units: 2, bias: false, activation: "none" },
      ];
      const model = buildModel({ type: "graph", input: { height: 4, width: 4, channels: 4 }, layers }, 1);
      // A last normalization with scale and shift zero silences the block: what is left is the input, if it is added.
      for (const variable of model.variables.slice(-3, -1)) tf.tidy(() => variable.assign(tf.zerosLike(variable)));
      const x = tf.ones<tf.Rank.R4>([1, 4, 4, 4]);
      const logits = model.infer(x);
      const numbers = [...logits.dataSync()];
      tf.dispose([x, logits]);
      model.dispose();
      return numbers;
    };
    expect(logitsOf(1, 4).some((logit) => logit !== 0)).toBe(true);
    expect(logitsOf(2, 4)).toEqual([0, 0]);
    expect(logitsOf(1, 5)).toEqual([0, 0]);
  });

  test("normalizes in inference by the mean statistics of the calibration's batches", () => {
    const layers: Layer[] = [
      { type: "conv", outChannels: 1, kernel: 1, stride: 1, batchNorm: true, activation: "none" },
      { type: "globalPool" },
    ];
    const model = buildModel({ type: "graph", input: { height: 1, width: 2, channels: 1 }, layers }, 1);
    const batch = (...values: number[]): tf.Tensor4D => tf.tensor4d(values, [values.length / 2, 1, 2, 1]);
    const [filter] = model.variables;
    tf.tidy(() => filter!.assign(tf.ones([1, 1, 1, 1])));
    const given = [batch(1, 3), batch(5, 11, 5, 11), batch(4, 10)];
    // Means 2 and 8, variances 1 and 9: inference subtracts 5 and divides by the root of 5.
    model.calibrate(given[0]!);
    model.calibrate(given[1]!);
    const logits = model.infer(given[2]!);
    expect(logits.dataSync()[0]).toBeCloseTo((7 - 5) / Math.sqrt(5), 4);
    tf.dispose([...given, logits]);
    model.dispose();
  });

  test("refuses what it does not know and what does not fit together, and leaves no tensor behind", () => {
    const graph = (...layers: Layer[]): Graph => ({ ...tinyNetwork, layers });
    const [stem, pool] = [tinyNetwork.layers[0]!, tinyNetwork.layers[4]!];
    const unknown = { type: "attention" } as unknown as Layer;
    expect(() => buildModel(graph(stem, unknown), 1)).toThrow(expect.objectContaining({ reason: "unknown_operation" }));
    const infeasible = expect.objectContaining({ reason: "infeasible" });
    expect(() => buildModel(graph(stem, pool, stem), 1)).toThrow(infeasible);
    expect(() => buildModel(graph(stem), 1)).toThrow(infeasible);
    expect(() => buildModel(graph(), 1)).toThrow(infeasible);
  });
});
