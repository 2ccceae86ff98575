import { describe, expect, test } from "@jest/globals";
import { costBreakdown } from "../../network/cost.ts";
import { f1RowMacs, publishedModels } from "../support/network-fbnetv2-models.ts";

describe("the cost of FBNetV2's published models", () => {
  test.each(publishedModels)("$name has the published weights, MACs and FLOPS", ({ graph, weights, macs, flops }) => {
    const cost = costBreakdown(graph);
    expect(cost.weights).toBe(weights);
    expect(cost.macs).toBe(macs);
    // The published models pool once more, after their last 1x1 convolution; here that is a dense layer.
    const lastPool = graph.layers.at(-2);
    const hidden = lastPool?.type === "dense" ? lastPool.units : 0;
    if (flops !== undefined) expect(cost.macs + cost.poolInputs + hidden).toBe(flops);
  });

  test("F1 has the published MACs in every row", () => {
    const { layers } = costBreakdown(publishedModels[0]!.graph);
    const macs = layers.map((layer) => layer.macs);
    const [head, pool, hidden, classifier] = macs.slice(-4);
    expect([...macs.slice(0, -4), head! + pool! + hidden!, classifier]).toEqual(f1RowMacs);
  });

  test("F1 with the biases of gates and classifier has the published params, before batch normalization", () => {
    const { weights, biases, batchNorm, params } = costBreakdown(publishedModels[0]!.graph);
    expect(weights + biases).toBe(6_004_496);
    expect(params).toBe(weights + biases + batchNorm);
  });
});
