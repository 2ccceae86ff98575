import { describe, expect, test } from "@jest/globals";
import { costBreakdown, networkCost } from "../../network/cost.ts";
import { NetworkError } from "../../network/errors.ts";
import { outputFeatures } from "../../network/shapes.ts";
import type { Graph, Layer, MbConv } from "../../network/types.ts";

const block: MbConv = {
  ...{ type: "mbconv", midChannels: 6, outChannels: 4, kernel: 3, stride: 2, seChannels: 0, activation: "relu6" },
};

function graphOf(...layers: readonly Layer[]): Graph {
  return { type: "graph", input: { height: 5, width: 4, channels: 2 }, layers };
}

describe("networkCost", () => {
  test("counts a convolution's weights at each output position, and two numbers a channel for batch normalization", () => {
    const conv = { type: "conv", outChannels: 3, kernel: 3, stride: 2, activation: "none" } as const;
    // 5x4 becomes 3x2.
    expect(networkCost(graphOf({ ...conv, batchNorm: true }))).toEqual({ macs: 6 * 54, params: 54 + 6 });
    expect(networkCost(graphOf({ ...conv, batchNorm: false }))).toEqual({ macs: 6 * 54, params: 54 });
  });

  test("counts expansion at the input's positions, depthwise and projection at the output's", () => {
    const macs = 20 * 12 + 6 * (9 * 6) + 6 * 24;
    expect(networkCost(graphOf(block))).toEqual({ macs, params: 12 + 54 + 24 + 2 * (6 + 6 + 4) });
  });

  test("counts no expansion where the middle is as wide as the input", () => {
    const macs = 6 * (9 * 2) + 6 * 8;
    expect(networkCost(graphOf({ ...block, midChannels: 2 }))).toEqual({ macs, params: 18 + 8 + 2 * (2 + 4) });
  });

  test("counts a gate's two linear layers once an example, with their biases", () => {
    const [plain, gated] = [costBreakdown(graphOf(block)), costBreakdown(graphOf({ ...block, seChannels: 8 }))];
    expect(gated.macs - plain.macs).toBe(2 * 6 * 8);
    expect(gated.weights - plain.weights).toBe(2 * 6 * 8);
    expect(gated.biases).toBe(6 + 8);
    expect(gated.poolInputs).toBe(6 * 6);
  });

  test("counts no MAC for a dense layer's bias, and pooling for nothing", () => {
    const dense = { type: "dense", units: 10, bias: true, activation: "none" } as const;
    expect(networkCost(graphOf({ type: "globalPool" }, dense))).toEqual({ macs: 20, params: 30 });
    expect(networkCost(graphOf({ type: "globalPool" }, { ...dense, bias: false }))).toEqual({ macs: 20, params: 20 });
  });

  test("tells each layer's output", () => {
    const { layers } = costBreakdown(graphOf(block, { type: "globalPool" }));
    expect(layers.map(({ type, output }) => [type, output])).toEqual([
      ["mbconv", { type: "map", height: 3, width: 2, channels: 4 }],
      ["globalPool", { type: "vector", channels: 4 }],
    ]);
  });

  test("refuses a layer that cannot follow the one before it", () => {
    expect(() => networkCost(graphOf({ type: "globalPool" }, block))).toThrow(NetworkError);
    expect(() => networkCost(graphOf({ type: "globalPool" }, block))).toThrow("graph.layers[1]");
  });
});

describe("outputFeatures", () => {
  test("pads by half the kernel, so that only the stride makes a side smaller", () => {
    const sides = [1, 2, 3, 7, 8, 28].flatMap((side) =>
      [1, 3, 5, 7].flatMap((kernel) => [1, 2, 3].map((stride) => ({ side, kernel, stride }))),
    );
    for (const { side, kernel, stride } of sides) {
      const output = outputFeatures(
        { type: "map", height: side, width: side, channels: 1 },
        { ...block, kernel, stride },
      );
      const padded = Math.floor((side + 2 * Math.floor(kernel / 2) - kernel) / stride) + 1;
      expect(output).toMatchObject({ height: padded, width: padded });
    }
  });
});
