import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { TrainEvaluation } from "../../network/evaluation.ts";
import type { Graph } from "../../network/types.ts";
import type { Backend } from "../../worker/backend/backend.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import type { Dataset, Examples } from "../../worker/data/dataset.ts";
import { loadDataset } from "../../worker/data/load-dataset.ts";
import type { Evaluator } from "../../worker/evaluator/evaluator.ts";
import { learningRateAt } from "../../worker/evaluator/learning-rate.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { expectNoTensorLeft } from "../support/tensor-leaks.ts";
import { contextOf } from "../support/training-checkpoints.ts";
import { twoBlockNetwork } from "../../worker/backend/measure-backend.ts";
import { tinyDataset, tinyNetwork, tinyTraining } from "../support/training-networks.ts";

const tiny = tinyDataset({ train: 60, validation: 30, test: 30 });
const settings = tinyTraining;
const figuresProgram = fileURLToPath(new URL("../../dist/test/support/training-figures.js", import.meta.url));

let backend: Backend;
beforeAll(async () => {
  backend = await selectBackend("wasm");
});
expectNoTensorLeft();

const evaluatorOf = (dataset: Dataset): Evaluator =>
  createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(dataset) });
const evaluate = (graph: Graph, changes: Partial<TrainEvaluation> = {}, dataset = tiny) =>
  evaluatorOf(dataset).evaluate(graph, { ...settings, ...changes }, contextOf());

/** A part that fails the test as soon as its images or labels are looked at. */
const untouchable = (part: Examples): Examples => ({
  count: part.count,
  get images(): Uint8Array {
    throw new Error("images were read");
  },
  get labels(): Uint8Array {
    throw new Error("labels were read");
  },
});

describe("the train evaluator", () => {
  test("learns, and tells accuracy, loss, steps and speed", async () => {
    const untrained = await evaluate(tinyNetwork, { steps: 0 });
    const measured = await evaluate(tinyNetwork, { steps: 40 });
    expect(measured.accuracy).toBeGreaterThan(0.9);
    expect(measured.loss).toBeLessThan(untrained.loss!);
    expect(measured.steps).toBe(40);
    expect(Object.keys(measured.extra)).toEqual(["imagesPerSecond", "trainSeconds", "evalSeconds"]);
    expect(untrained.extra["imagesPerSecond"]).toBe(0);
  });

  test("gives the same measurement for the same seed and another for another", async () => {
    const figures = async (seed: number) => {
      const { accuracy, loss } = await evaluate(tinyNetwork, { seed });
      return { accuracy, loss };
    };
    expect(await figures(1)).toEqual(await figures(1));
    expect(await figures(1)).not.toEqual(await figures(2));
    const { stdout } = await promisify(execFile)(process.execPath, [figuresProgram, "1"]);
    expect(JSON.parse(stdout)).toEqual(await figures(1));
  });

  test("holds no more memory after three hundred networks than after the first", async () => {
    const outcomes = ["measured", "aborted", "diverged"] as const;
    const train = async (index: number): Promise<void> => {
      const outcome = outcomes[index % outcomes.length];
      const controller = new AbortController();
      if (outcome === "aborted") setImmediate(() => controller.abort(new Error("lease lost")));
      const learningRate = outcome === "diverged" ? 1e30 : settings.learningRate;
      const evaluation = { ...settings, steps: 2, evalExamples: 8, seed: index, learningRate };
      await evaluatorOf(tiny)
        .evaluate(tinyNetwork, evaluation, contextOf(controller.signal))
        .then(
          () => expect(outcome).toBe("measured"),
          (error: unknown) => expect(String(error)).toMatch(outcome === "aborted" ? /lease lost/ : /The .*loss is/),
        );
    };
    for (let index = 0; index < 3; index += 1) await train(index);
    const { tensors, heapBytes } = backend.memory();
    for (let index = 3; index < 303; index += 1) await train(index);
    expect(backend.memory()).toMatchObject({ tensors, heapBytes });
  });

  test("never reads the test part when it measures on the validation part, nor trains on what it measures", async () => {
    await evaluate(
      tinyNetwork,
      {},
      { ...tiny, test: untouchable(tiny.test), trainAndValidation: untouchable(tiny.trainAndValidation) },
    );
    const final = { part: "test" } as const;
    await evaluate(tinyNetwork, final, {
      ...tiny,
      train: untouchable(tiny.train),
      validation: untouchable(tiny.validation),
    });
  });

  test("measures no more examples than it is told to", async () => {
    const { accuracy } = await evaluate(tinyNetwork, { evalExamples: 7 });
    expect(accuracy * 7).toBeCloseTo(Math.round(accuracy * 7), 9);
  });

  test("fails with nan_loss where the loss leaves the numbers, long before the last step", async () => {
    const started = performance.now();
    const diverging = evaluate(tinyNetwork, { learningRate: 1e30, steps: 1_000_000 });
    await expect(diverging).rejects.toMatchObject({ name: "EvaluationError", reason: "nan_loss" });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test("ends soon once it is aborted, and lets the event loop turn meanwhile", async () => {
    const controller = new AbortController();
    const running = evaluatorOf(tiny).evaluate(
      tinyNetwork,
      { ...settings, steps: 1_000_000 },
      contextOf(controller.signal),
    );
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      if (turns === 5) controller.abort(new Error("lease lost"));
      else setImmediate(turn);
    };
    setImmediate(turn);
    await expect(running).rejects.toThrow("lease lost");
    expect(turns).toBe(5);
  });

  test("finds networks infeasible that do not fit the data set", async () => {
    const infeasible = (message: RegExp) => ({ reason: "infeasible", message: expect.stringMatching(message) });
    await expect(evaluate(twoBlockNetwork(1))).rejects.toMatchObject(infeasible(/takes 28x28x1.*tiny is 6x6x1/));
    const fewer = {
      ...tinyNetwork,
      layers: [...tinyNetwork.layers.slice(0, -1), { ...tinyNetwork.layers.at(-1)!, units: 4 }],
    };
    await expect(evaluate(fewer as Graph)).rejects.toMatchObject(infeasible(/4 classes.*has 3/));
    await expect(evaluate(tinyNetwork, { batch: 61 })).rejects.toMatchObject(infeasible(/batch of 61/));
    const row = { type: "tableRow", tableSha256: "0".repeat(64), arms: [0] } as const;
    await expect(evaluatorOf(tiny).evaluate(row, settings, contextOf())).rejects.toMatchObject(infeasible(/table/));
  });

  test("names an operation it does not know, and data it does not have", async () => {
    const unknown = { ...tinyNetwork, layers: [{ type: "attention" }, ...tinyNetwork.layers] } as unknown as Graph;
    await expect(evaluate(unknown)).rejects.toMatchObject({ reason: "unknown_operation" });
    const evaluator = createTrainEvaluator({ backend, loadDataset });
    await expect(evaluator.evaluate(tinyNetwork, settings, contextOf())).rejects.toMatchObject({
      reason: "data_unavailable",
    });
  });

  test("survives a network that does not fit into memory: its heap is given back and the next one trains as before", async () => {
    const before = await evaluate(tinyNetwork);
    // One map of 16 x 6 x 6 x 2,000,000 numbers is 4.6 GB.
    const conv = { type: "conv", outChannels: 2_000_000, kernel: 1, stride: 1, batchNorm: false } as const;
    const dense = { type: "dense", units: 3, bias: false, activation: "none" } as const;
    const huge: Graph = { ...tinyNetwork, layers: [{ ...conv, activation: "none" }, { type: "globalPool" }, dense] };
    await expect(evaluate(huge)).rejects.toMatchObject({ reason: "out_of_memory" });
    expect(backend.memory().heapBytes).toBeLessThan(2 ** 26);
    const after = await evaluate(tinyNetwork);
    expect({ accuracy: after.accuracy, loss: after.loss }).toEqual({ accuracy: before.accuracy, loss: before.loss });
  });

  test("reaches half of MNIST's digits in 30 steps of 64", async () => {
    const evaluator = createTrainEvaluator({ backend, loadDataset });
    const short = { ...settings, dataset: "mnist", steps: 30, batch: 64, learningRate: 0.2, evalExamples: 1000 };
    const { accuracy } = await evaluator.evaluate(twoBlockNetwork(2), short, contextOf());
    expect(accuracy).toBeGreaterThan(0.5);
  });
});

describe("the learning rate", () => {
  test("rises over the first tenth, then falls to almost nothing", () => {
    const rates = Array.from({ length: 30 }, (_, step) => learningRateAt(step, 30, 0.2));
    expect(rates.slice(0, 4).map((rate) => Number(rate.toFixed(6)))).toEqual([0.05, 0.1, 0.15, 0.2]);
    for (let step = 4; step < 30; step += 1) expect(rates[step]).toBeLessThan(rates[step - 1]!);
    expect(rates[29]).toBeLessThan(0.002);
  });

  test("has its peak after 100 steps in long trainings, and is usable in a training of one step", () => {
    expect(learningRateAt(100, 10_000, 0.2)).toBe(0.2);
    expect(learningRateAt(99, 10_000, 0.2)).toBeLessThan(0.2);
    expect(learningRateAt(0, 1, 0.2)).toBe(0.1);
  });
});
