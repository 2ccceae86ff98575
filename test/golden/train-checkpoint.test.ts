import { expect, test } from "@jest/globals";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { decodeTensors } from "../../worker/checkpoint/tensor-file.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { contextOf, MemoryCheckpoints } from "../support/training-checkpoints.ts";
import { tinyDataset, tinyNetwork, tinyTraining } from "../support/training-networks.ts";

test("a checkpoint holds its step, what was trained and how, and two tensors for each parameter", async () => {
  const dataset = tinyDataset({ train: 60, validation: 30, test: 30 });
  const evaluator = createTrainEvaluator({
    backend: await selectBackend("wasm"),
    loadDataset: () => Promise.resolve(dataset),
  });
  const checkpoints = new MemoryCheckpoints(null, 1);
  await evaluator.evaluate(tinyNetwork, tinyTraining, contextOf(undefined, checkpoints));
  const { metadata, tensors } = decodeTensors(checkpoints.taken[0]!.bytes);
  expect({ metadata, tensors: tensors.map(({ name, shape }) => `${name} ${shape.join("x")}`) }).toMatchSnapshot();
  expect(tensors.find(({ name }) => name === "0.velocity")!.values.some((number) => number !== 0)).toBe(true);
});
