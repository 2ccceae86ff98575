import { describe, expect, test } from "@jest/globals";
import { parseSpec } from "../../spec/parse-spec.ts";
import { resolveSpec } from "../../spec/resolve-spec.ts";
import { mistakesOf } from "../support/spec-mistakes.ts";

const supernet = { dataset: "fashion-mnist" };
const spec = (changes: object = {}) => ({ space: "mbconv-small", evaluator: { supernet }, ...changes });

describe("evaluator.supernet", () => {
  test("fills in defaults of its own: steps, merge, budget, stages and algorithm", () => {
    const { spec: resolved } = resolveSpec(parseSpec(spec()), new Map());
    expect(resolved.evaluator).toEqual({
      ...{ type: "supernet", dataset: "fashion-mnist", localSteps: 4, batch: 64, learningRate: 0.2 },
      ...{ weightDecay: 1e-4, validationExamples: 256, precision: "float32", momentum: 0.8 },
    });
    const { search } = resolved;
    expect(search.supernet).toEqual({ merge: "likelihood", staleness: 4 });
    expect(search.budget.trials).toBe(3000);
    expect(search.stages.map(({ name }) => name)).toEqual(["warm-up", "coarse", "fine"]);
    expect(search.algorithm.name).toBe("fp-nas");
    expect(search.algorithm.settings).toMatchObject({ learningRate: 0.025, beta1: 0.9, weights: "published" });
  });

  test("leaves what the spec says, and fits the default stages to the budget", () => {
    const algorithm = { name: "parsec", learningRate: 0.1 };
    const { search } = parseSpec(spec({ budget: { trials: 90 }, algorithm }));
    expect(search.budget.trials).toBe(90);
    expect(search.stages[0]).toMatchObject({ until: { trials: 30 }, weightsOnly: true });
    expect(search.algorithm.settings).toMatchObject({ learningRate: 0.1, beta1: 0.9 });
    const stages = [{ name: "only", slots: "block", until: {} }];
    expect(parseSpec(spec({ stages })).search.stages).toEqual(stages);
  });

  test.each([
    [{ reuse: ["earlier"] }, "reuse: must be left out with evaluator.supernet"],
    [
      { stages: [{ name: "warm-up", slots: "factorized", until: { entropyBelow: 0.5 }, weightsOnly: true }] },
      "stages[0].until: must hold rounds or trials",
    ],
    [{ stages: [{ name: "finalists", slots: "block" }] }, "stages[0].name: must not be finalists"],
    [{ evaluator: { supernet: { dataset: "mnist", momentum: 1 } } }, "evaluator.supernet.momentum: must be a number"],
    [{ evaluator: { supernet, train: supernet } }, "evaluator: must hold exactly one of"],
    [{ space: undefined }, "space: is missing"],
  ])("refuses %j", (changes, mistake) => {
    expect(mistakesOf(() => parseSpec(spec(changes)))[0]).toContain(mistake);
  });

  test("refuses a space of other images, and an algorithm that cannot learn from it", () => {
    const algorithm = { name: "local-search" };
    expect(mistakesOf(() => resolveSpec(parseSpec(spec({ space: "fbnetv2-f", algorithm })), new Map()))).toEqual([
      expect.stringContaining("space: fbnetv2-f is for 224x224x3 images"),
      expect.stringContaining("algorithm.name: must be fp-nas, parsec, reinforce or random"),
    ]);
  });
});
