import { beforeAll, describe, expect, test } from "@jest/globals";
import { canonicalJson } from "../../network/canonical.ts";
import { sharedSlices } from "../../network/shared-weights.ts";
import { trainedTensors } from "../../network/trained-tensors.ts";
import type { Graph } from "../../network/types.ts";
import type { Backend } from "../../worker/backend/backend.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { decodeTensors, encodeTensors } from "../../worker/checkpoint/tensor-file.ts";
import type { EvaluationContext } from "../../worker/evaluator/evaluator.ts";
import { scoreModel } from "../../worker/evaluator/score.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { decodeTrained } from "../../worker/checkpoint/trained-file.ts";
import { checkSize, loadTrained } from "../../worker/evaluator/trained-weights.ts";
import { buildModel, type Model } from "../../worker/model/model.ts";
import { expectNoTensorLeft } from "../support/tensor-leaks.ts";
import { contextOf } from "../support/training-checkpoints.ts";
import { tinyDataset, tinyNetwork, tinyTraining } from "../support/training-networks.ts";

const dataset = tinyDataset({ train: 60, validation: 30, test: 30 });
const signal = new AbortController().signal;

let backend: Backend;
beforeAll(async () => {
  backend = await selectBackend("wasm");
});
expectNoTensorLeft();

/** Trains the tiny network for the end, and gives what was measured and kept. */
async function trainAndKeep(averageDecay = 0, keep: Partial<EvaluationContext> = {}) {
  const kept: Uint8Array[] = [];
  const keepWeights: EvaluationContext["keepWeights"] = (bytes) => {
    kept.push(bytes);
    return Promise.resolve({ sha256: "5".repeat(64), sizeBytes: bytes.length });
  };
  const evaluator = createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(dataset) });
  const recipe = { ...tinyTraining.recipe, averageDecay };
  const evaluation = { ...tinyTraining, part: "test", keepWeights: true, recipe } as const;
  const measurement = await evaluator.evaluate(tinyNetwork, evaluation, { ...contextOf(), keepWeights, ...keep });
  return { measurement, bytes: kept[0]! };
}

describe("the weights of a final training", () => {
  test.each([0, 0.9])(
    "are those that were measured, statistics included, also averaged ones (decay %d)",
    async (decay) => {
      const { measurement, bytes } = await trainAndKeep(decay);
      expect(measurement.weights).toEqual({ sha256: "5".repeat(64), sizeBytes: bytes.length });
      const trained = decodeTrained(bytes);
      expect(trained).toMatchObject({ graph: tinyNetwork, dataset: "tiny" });
      const model = buildModel(tinyNetwork, 99);
      loadTrained(model, trained);
      const { accuracy, loss } = await scoreModel(model, dataset, dataset.test, Infinity, signal);
      model.dispose();
      expect({ accuracy, loss }).toEqual({ accuracy: measurement.accuracy, loss: measurement.loss });
    },
  );

  test("have the names and shapes of the slices that the network would share, and statistics beside", async () => {
    const { metadata, tensors } = decodeTensors((await trainAndKeep()).bytes);
    expect(metadata).toEqual({ format: "fpnas-network-1", network: canonicalJson(tinyNetwork), dataset: "tiny" });
    const named: Graph = {
      ...tinyNetwork,
      layers: tinyNetwork.layers.map((layer, index) =>
        layer.type === "globalPool" ? layer : { ...layer, sharedWeights: String(index) },
      ),
    };
    const isStatistic = (name: string) => /\/(mean|variance)$/.test(name);
    const parameters = tensors.filter(({ name }) => !isStatistic(name));
    expect(parameters.map(({ name, shape }) => ({ tensor: name, shape }))).toEqual(sharedSlices(named));
    expect(tensors.map(({ name }) => name).slice(0, 8)).toEqual([
      ...["0/conv3", "0/norm/scale", "0/norm/shift", "0/norm/mean", "0/norm/variance"],
      ...["1/expand", "1/expand/scale", "1/expand/shift"],
    ]);
    expect(tensors.at(-1)).toMatchObject({ name: "6/dense", shape: [1, 1, 7, 3] });
    expect(trainedTensors(tinyNetwork)).toHaveLength(tensors.length);
  });

  test("that no coordinator would take are refused before the training", () => {
    const model = { variables: [{ size: 2 ** 26 - 7 }], statistics: [{ size: 7 }] } as unknown as Model;
    expect(() => checkSize(model)).not.toThrow();
    const larger = { ...model, statistics: [{ size: 8 }] } as unknown as Model;
    expect(() => checkSize(larger)).toThrow("The network has 67108865 weights and statistics");
  });

  test("fail the trial where they cannot be kept", async () => {
    const keepWeights = () => Promise.reject(new Error("no room"));
    await expect(trainAndKeep(0, { keepWeights })).rejects.toThrow("no room");
  });

  test("are refused by who reads them where they are of another format, or not those of their network", async () => {
    const { metadata, tensors } = decodeTensors((await trainAndKeep()).bytes);
    const other = encodeTensors({ metadata: { ...metadata, format: "x" }, tensors });
    expect(() => decodeTrained(other)).toThrow("its format is x, not fpnas-network-1");
    const short = encodeTensors({ metadata, tensors: tensors.slice(1) });
    expect(() => decodeTrained(short)).toThrow("its tensors are others than those of its network");
  });
});
