import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import { plainRecipe, type TrainingRecipe } from "../../network/evaluation.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { trainingBatches, type Batch } from "../../worker/data/batches.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { createWeightAverage } from "../../worker/model/average.ts";
import { softmaxCrossEntropy } from "../../worker/model/loss.ts";
import { copyVaried } from "../../worker/data/vary.ts";
import { tinyDataset, tinyNetwork, tinyTraining } from "../support/training-networks.ts";
import { contextOf } from "../support/training-checkpoints.ts";

let tensorsBefore = 0;
let backend: Awaited<ReturnType<typeof selectBackend>>;
beforeAll(async () => {
  backend = await selectBackend("wasm");
});
beforeEach(() => {
  tensorsBefore = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensorsBefore));

describe("label smoothing", () => {
  const logits = [1, -0.5, 0.25, 0, 2, -1];
  const labels = [2, 0];
  const probabilities = (row: readonly number[]) => {
    const sum = row.reduce((total, logit) => total + Math.exp(logit), 0);
    return row.map((logit) => Math.exp(logit) / sum);
  };

  test.each([0, 0.1, 0.9])("of %p is the cross-entropy with the softened labels, and its gradient", (smoothing) => {
    const rows = [logits.slice(0, 3), logits.slice(3)];
    const targets = labels.map((label) => [0, 1, 2].map((k) => (k === label ? 1 - smoothing : 0) + smoothing / 3));
    const p = rows.map(probabilities);
    const mean = -targets.flatMap((row, i) => row.map((t, k) => t * Math.log(p[i]![k]!))).reduce((a, b) => a + b) / 2;
    const gradient = targets.flatMap((row, i) => row.map((t, k) => (p[i]![k]! - t) / 2));
    const seen = tf.tidy(() => {
      const loss = softmaxCrossEntropy(tf.tensor4d(logits, [2, 1, 1, 3]), tf.tensor1d(labels, "int32"), smoothing);
      return { mean: loss.mean.dataSync()[0]!, gradient: [...loss.gradient.dataSync()] };
    });
    expect(seen.mean).toBeCloseTo(mean, 5);
    seen.gradient.forEach((value, place) => expect(value).toBeCloseTo(gradient[place]!, 5));
  });
});

describe("an average of weights", () => {
  test("follows the ramp, then the decay, and is given to the model", () => {
    const variable = tf.variable(tf.tensor1d([0]));
    const average = createWeightAverage({ variables: [variable] }, 0.5);
    let expected = 0;
    for (let step = 1; step <= 12; step += 1) {
      tf.tidy(() => variable.assign(tf.tensor1d([step])));
      average.update(step);
      const kept = Math.min(0.5, (1 + step) / (10 + step));
      expected = kept * expected + (1 - kept) * step;
      expect(average.variables[0]!.dataSync()[0]).toBeCloseTo(expected, 4);
    }
    average.apply();
    expect(variable.dataSync()[0]).toBeCloseTo(expected, 4);
    average.dispose();
    tf.dispose(variable);
    // The tensor that the variable was made from.
    tf.disposeVariables();
    tensorsBefore = tf.memory().numTensors;
  });
});

describe("a varied image", () => {
  const normalized = Float32Array.from({ length: 256 }, (_, byte) => byte - 7);
  const dataset = (mirror: boolean) => ({
    ...tinyDataset({ train: 60, validation: 30, test: 30 }),
    input: { height: 3, width: 3, channels: 1 },
    variation: { shift: 1, mirror },
  });
  const image = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
  /** The image under these numbers for: down, right, mirror. */
  const varied = (mirror: boolean, ...numbers: readonly number[]) => {
    const left = [...numbers];
    const to = new Float32Array(9);
    copyVaried(dataset(mirror), () => left.shift()!)(image, to, normalized);
    return [...to].map((value) => value + 7);
  };

  test("is shifted both ways by whole pixels, and black comes in", () => {
    expect(varied(false, 0.5, 0.5)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(varied(false, 0.99, 0.5)).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 6]);
    expect(varied(false, 0.5, 0)).toEqual([2, 3, 0, 5, 6, 0, 8, 9, 0]);
  });

  test("is mirrored half the time, where that is allowed", () => {
    expect(varied(true, 0.5, 0.5, 0.4)).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7]);
    expect(varied(true, 0.5, 0.5, 0.6)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("is another in every step, and the same again from the same seed and step", () => {
    const data = tinyDataset({ train: 60, validation: 30, test: 30 });
    const steps = (from: number, count: number) => {
      const batches = trainingBatches(data, data.train, 8, 3, from, true);
      return Array.from({ length: count }, () =>
        Array.from((batches.next() as IteratorYieldResult<Batch>).value.images),
      );
    };
    const all = steps(0, 6);
    expect(new Set(all.map((images) => images.join())).size).toBe(6);
    expect(steps(4, 2)).toEqual(all.slice(4));
  });
});

describe("a training's recipe", () => {
  const data = tinyDataset({ train: 60, validation: 30, test: 30 });
  const evaluate = (recipe: TrainingRecipe) =>
    createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(data) }).evaluate(
      tinyNetwork,
      { ...tinyTraining, recipe },
      contextOf(),
    );

  test.each(["labelSmoothing", "augment", "averageDecay"] as const)("%s changes what is measured", async (key) => {
    const value = { labelSmoothing: 0.2, augment: true, averageDecay: 0.5 }[key];
    const plain = await evaluate(plainRecipe);
    const changed = await evaluate({ ...plainRecipe, [key]: value });
    expect(changed.loss).not.toBe(plain.loss);
    expect((await evaluate({ ...plainRecipe, [key]: value })).loss).toBe(changed.loss);
  });
});
