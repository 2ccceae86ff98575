import { describe, expect, test } from "@jest/globals";
import type { Evaluation } from "../../network/evaluation.ts";
import type { Network } from "../../network/types.ts";
import type { Evaluator } from "../../worker/evaluator/evaluator.ts";
import { createLazyEvaluator } from "../../worker/evaluator/lazy.ts";
import { createEvaluators } from "../../worker/evaluator/registry.ts";
import { contextOf } from "../support/training-checkpoints.ts";

const network: Network = { type: "tableRow", tableSha256: "t", arms: [0] };
const evaluation: Evaluation = { type: "tabular", seed: 1 };
const context = contextOf();
const echo: Evaluator = {
  name: "train",
  evaluate: (...given) => Promise.resolve({ accuracy: 1, steps: given.length, extra: {} }),
};

describe("an evaluator that is loaded late", () => {
  test("prepares what waits once it is loaded, and is not loaded for that", async () => {
    const prepared: unknown[] = [];
    let loads = 0;
    const lazy = createLazyEvaluator("train", () => {
      loads += 1;
      return Promise.resolve({ ...echo, prepare: (...given: unknown[]) => void prepared.push(given) });
    });
    lazy.prepare?.(network, evaluation, context);
    expect(loads).toBe(0);
    await lazy.evaluate(network, evaluation, context);
    expect(prepared).toEqual([]);
    lazy.prepare?.(network, evaluation, context);
    await new Promise(setImmediate);
    expect(prepared).toEqual([[network, evaluation, context]]);
  });

  test("is loaded by its first evaluation, once, and handed everything", async () => {
    let loads = 0;
    const lazy = createLazyEvaluator("train", () => {
      loads += 1;
      return Promise.resolve(echo);
    });
    expect([lazy.name, loads]).toEqual(["train", 0]);
    expect((await lazy.evaluate(network, evaluation, context)).steps).toBe(3);
    await lazy.evaluate(network, evaluation, context);
    expect(loads).toBe(1);
  });

  test("fails an evaluation where it cannot be loaded, and is tried again by the next", async () => {
    const loads = [Promise.reject(new Error("no backend")), Promise.resolve(echo)];
    const lazy = createLazyEvaluator("train", () => loads.shift()!);
    await expect(lazy.evaluate(network, evaluation, context)).rejects.toThrow("no backend");
    expect((await lazy.evaluate(network, evaluation, context)).accuracy).toBe(1);
  });
});

test("a worker has an evaluator of each kind, by its name, and loads nothing to have it", () => {
  const evaluators = createEvaluators({ loadTraining: () => Promise.reject(new Error("too early")), commandLog: null });
  expect(evaluators.map(({ name }) => name).sort()).toEqual(["supernet", "tabular", "train"]);
});
