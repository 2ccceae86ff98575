import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import type { Measurement } from "../../network/measurement.ts";
import type { Backend } from "../../worker/backend/backend.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { contextOf, MemoryCheckpoints } from "../support/training-checkpoints.ts";
import { tinyDataset, tinyNetwork, tinyTraining } from "../support/training-networks.ts";

const dataset = tinyDataset({ train: 60, validation: 30, test: 30 });

async function train(backend: Backend, checkpoints: MemoryCheckpoints, part: "validation" | "test") {
  const evaluator = createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(dataset) });
  return await evaluator.evaluate(tinyNetwork, { ...tinyTraining, part }, contextOf(undefined, checkpoints));
}

const figuresOf = ({ accuracy, loss, steps }: Measurement) => ({ accuracy, loss, steps });

describe("a training", () => {
  let tensorsBefore = 0;
  let backend: Backend;
  beforeEach(async () => {
    backend = await selectBackend("wasm");
    tensorsBefore = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(tensorsBefore));

  test.each(["validation", "test"] as const)(
    "measured on the %s part measures the same, bit for bit, from whichever of its steps it goes on",
    async (part) => {
      const undisturbed = figuresOf(await train(backend, new MemoryCheckpoints(), part));
      const watched = new MemoryCheckpoints(null, Infinity);
      expect(figuresOf(await train(backend, watched, part))).toEqual(undisturbed);
      const { steps } = tinyTraining;
      expect(watched.taken.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
      for (const { step, bytes } of watched.taken) {
        const resumed = new MemoryCheckpoints(bytes, 1);
        const measurement = await train(backend, resumed, part);
        expect([step, figuresOf(measurement)]).toEqual([step, undisturbed]);
        expect(measurement.extra["resumedAtStep"]).toBe(step);
        const [next] = resumed.taken;
        const wanted = watched.taken.find((checkpoint) => checkpoint.step === next!.step);
        expect(Buffer.compare(next!.bytes, wanted!.bytes)).toBe(0);
      }
    },
    60_000,
  );
});
