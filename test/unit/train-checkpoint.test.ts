import { beforeAll, describe, expect, test } from "@jest/globals";
import type { TrainEvaluation } from "../../network/evaluation.ts";
import type { Graph } from "../../network/types.ts";
import type { Backend } from "../../worker/backend/backend.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { decodeTensors, encodeTensors, type TensorFile } from "../../worker/checkpoint/tensor-file.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { contextOf, MemoryCheckpoints } from "../support/training-checkpoints.ts";
import { tinyDataset, tinyNetwork, tinyTraining } from "../support/training-networks.ts";

const dataset = tinyDataset({ train: 60, validation: 30, test: 30 });

let backend: Backend;
let checkpoint: Uint8Array;
beforeAll(async () => {
  backend = await selectBackend("wasm");
  const checkpoints = new MemoryCheckpoints(null, 5);
  await train(checkpoints);
  checkpoint = checkpoints.taken.at(-1)!.bytes;
});

function train(checkpoints: MemoryCheckpoints, changes: Partial<TrainEvaluation> = {}, network: Graph = tinyNetwork) {
  const evaluator = createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(dataset) });
  return evaluator.evaluate(network, { ...tinyTraining, ...changes }, contextOf(undefined, checkpoints));
}

/** The checkpoint with something changed in it. */
const changed = (change: (file: TensorFile) => Partial<TensorFile>): Uint8Array => {
  const file = decodeTensors(checkpoint);
  return encodeTensors({ ...file, ...change(file) });
};
const withMetadata = (metadata: Record<string, string>): Uint8Array =>
  changed((file) => ({ metadata: { ...file.metadata, ...metadata } }));

describe("a checkpoint of a training", () => {
  test("is gone on from: only the steps after it are made, whose speed is told", async () => {
    const resumed = new MemoryCheckpoints(checkpoint, 20);
    const { steps, extra } = await train(resumed);
    expect(steps).toBe(tinyTraining.steps);
    expect(extra["resumedAtStep"]).toBe(5);
    expect(resumed.taken.map(({ step }) => step)).toEqual([6, 7, 8, 9, 10, 11, 12]);
  });

  test.each<[string, RegExp, () => Uint8Array]>([
    ["is cut off", /ends within|float32/, () => checkpoint.subarray(0, -1)],
    ["is no checkpoint at all", /ends within its header/, () => Buffer.from("{}")],
    ["is of another format", /its format is fpnas-training-9/, () => withMetadata({ format: "fpnas-training-9" })],
    ["is of another network", /its network is 00/, () => withMetadata({ network: "00" })],
    ["is of another evaluation", /its evaluation is \{\}/, () => withMetadata({ evaluation: "{}" })],
    ["stands at no step", /step must be from 1 to 12, not 0$/, () => withMetadata({ step: "0" })],
    ["stands beyond the last step", /step must be from 1 to 12, not 13/, () => withMetadata({ step: "13" })],
    ["stands between steps", /step must be from 1 to 12, not 1.5/, () => withMetadata({ step: "1.5" })],
    ["lacks a tensor", /its tensors are others/, () => changed(({ tensors }) => ({ tensors: tensors.slice(1) }))],
    [
      "has another shape",
      /its tensors are others/,
      () =>
        changed(({ tensors: [first, ...rest] }) => ({
          tensors: [{ ...first!, shape: [first!.values.length] }, ...rest],
        })),
    ],
  ])("that %s is let be, and the training begins anew", async (_, why, bytes) => {
    const untouched = await train(new MemoryCheckpoints());
    const checkpoints = new MemoryCheckpoints(bytes(), 1);
    const { accuracy, loss, extra } = await train(checkpoints);
    expect(checkpoints.refusal).toMatch(why);
    expect({ accuracy, loss }).toEqual({ accuracy: untouched.accuracy, loss: untouched.loss });
    expect(extra).not.toHaveProperty("resumedAtStep");
  });

  test("fits no training of other steps, batches, rates, seed or part", async () => {
    const others: Partial<TrainEvaluation>[] = [
      ...[{ steps: 13 }, { batch: 17 }, { learningRate: 0.2 }, { weightDecay: 0 }, { seed: 2 }],
      { part: "test" },
    ];
    for (const other of others) {
      const checkpoints = new MemoryCheckpoints(checkpoint);
      await train(checkpoints, other);
      expect(checkpoints.refusal).toMatch(/its evaluation is/);
    }
    const sooner = new MemoryCheckpoints(checkpoint);
    await train(sooner, { evalExamples: 7 });
    expect(sooner.refusal).toBeNull();
  });

  test("fits no other network, though all its tensors have the same shapes", async () => {
    const checkpoints = new MemoryCheckpoints(checkpoint);
    const [first, ...rest] = tinyNetwork.layers;
    await train(checkpoints, {}, { ...tinyNetwork, layers: [{ ...first, activation: "relu" } as never, ...rest] });
    expect(checkpoints.refusal).toMatch(/its network is/);
  });

  test("is no longer to be had once the evaluation has ended or failed", async () => {
    const checkpoints = new MemoryCheckpoints(null, Infinity);
    await train(checkpoints, { learningRate: 1e30 }).catch(() => undefined);
    const { length } = checkpoints.taken;
    await new Promise((resolve) => setImmediate(resolve));
    expect(checkpoints.taken).toHaveLength(length);
  });
});
