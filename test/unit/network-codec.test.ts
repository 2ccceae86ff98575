import { describe, expect, test } from "@jest/globals";
import { decodeNetwork, encodeNetwork } from "../../network/codec.ts";
import { NetworkError, type NetworkErrorCode } from "../../network/errors.ts";
import type { Graph } from "../../network/types.ts";

const input = { height: 8, width: 8, channels: 1 };
const tail = [{ globalPool: {} }, { dense: { units: 10 } }];

/** The error of a network that must not be read, as its code and one line a mistake. */
function mistakes(value: unknown): readonly [NetworkErrorCode, ...string[]] {
  try {
    decodeNetwork(value);
  } catch (error) {
    if (error instanceof NetworkError) return [error.code, ...error.message.split("\n")];
    throw error;
  }
  throw new Error("the network was read");
}

const layerMistakes = (...layers: unknown[]) => mistakes({ graph: { input, layers: [...layers, ...tail] } });

describe("encodeNetwork", () => {
  test("writes the proto3 JSON form with every field", () => {
    const graph: Graph = {
      type: "graph",
      input,
      layers: [
        { type: "conv", outChannels: 4, kernel: 3, stride: 2, batchNorm: true, activation: "relu6" },
        { type: "mbconv", midChannels: 8, outChannels: 4, kernel: 5, stride: 1, seChannels: 0, activation: "swish" },
        { type: "globalPool" },
        { type: "dense", units: 10, bias: true, activation: "none" },
      ],
    };
    expect(encodeNetwork(graph)).toEqual({
      graph: {
        input: { height: 8, width: 8, channels: 1 },
        layers: [
          { conv: { outChannels: 4, kernel: 3, stride: 2, batchNorm: true, activation: "ACTIVATION_RELU6" } },
          {
            mbconv: {
              ...{ midChannels: 8, outChannels: 4, kernel: 5, stride: 1, seChannels: 0 },
              activation: "ACTIVATION_SWISH",
            },
          },
          { globalPool: {} },
          { dense: { units: 10, bias: true, activation: "ACTIVATION_NONE" } },
        ],
      },
    });
  });
});

describe("decodeNetwork", () => {
  test("takes proto3's defaults for what a hand-written network leaves out, and null for not given", () => {
    const layers = [
      { conv: { outChannels: 4, kernel: 3, stride: 1 }, mbconv: null },
      { mbconv: { midChannels: 4, outChannels: 4, kernel: 3, stride: 1, seChannels: null } },
      ...tail,
    ];
    expect(decodeNetwork({ graph: { input, layers }, tableRow: null })).toEqual({
      type: "graph",
      input,
      layers: [
        { type: "conv", outChannels: 4, kernel: 3, stride: 1, batchNorm: false, activation: "none" },
        { type: "mbconv", midChannels: 4, outChannels: 4, kernel: 3, stride: 1, seChannels: 0, activation: "none" },
        { type: "globalPool" },
        { type: "dense", units: 10, bias: false, activation: "none" },
      ],
    });
  });

  test("takes the numbers of activations as well as their names", () => {
    const layers = [{ globalPool: {} }, { dense: { units: 2, activation: 4 } }];
    const network = decodeNetwork({ graph: { input, layers } });
    expect(network).toMatchObject({ layers: [{}, { activation: "swish" }] });
  });

  test("tells an operation that it does not know, on the wire and in JSON, from a mistake", () => {
    expect(layerMistakes({})).toEqual([
      "unknown_operation",
      "graph.layers[0]: holds no operation that this version knows; it must hold one of conv, mbconv, globalPool, dense.",
    ]);
    expect(layerMistakes({ attention: { heads: 4 } })).toEqual([
      "unknown_operation",
      'graph.layers[0]: unknown operation "attention". Allowed: conv, mbconv, globalPool, dense.',
    ]);
    expect(layerMistakes({ mbConv: {} })[1]).toContain("Did you mean mbconv?");
  });

  test("tells an activation that it does not know from a mistake", () => {
    const conv = { outChannels: 4, kernel: 3, stride: 1 };
    expect(layerMistakes({ conv: { ...conv, activation: 17 } })[0]).toBe("unknown_operation");
    expect(layerMistakes({ conv: { ...conv, activation: "ACTIVATION_GELU" } })).toEqual([
      "unknown_operation",
      'graph.layers[0].conv.activation: unknown activation "ACTIVATION_GELU". Did you mean ACTIVATION_RELU? ' +
        "Allowed: ACTIVATION_UNSPECIFIED, ACTIVATION_NONE, ACTIVATION_RELU, ACTIVATION_RELU6, ACTIVATION_SWISH.",
    ]);
  });

  test("lists every mistake with its path", () => {
    const layers = [
      { conv: { out_channels: 3, kernel: 2, stride: 0 } },
      { mbconv: { midChannels: -1, outChannels: 1.5, kernel: "3", stride: 2 ** 32, seChannels: true } },
      { dense: { units: 10, bias: 1 }, globalPool: {} },
    ];
    expect(mistakes({ graph: { input: { height: 8, width: 8 }, layers } })).toEqual([
      "invalid",
      "graph.input.channels: is missing; it must be an integer of at least 1.",
      "graph.layers[0].conv.outChannels: is missing; it must be an integer of at least 1.",
      "graph.layers[0].conv.kernel: must be an odd integer of at least 1, not 2.",
      "graph.layers[0].conv.stride: must be an integer of at least 1, not 0.",
      "graph.layers[0].conv.out_channels: unknown key. Did you mean outChannels? " +
        "Allowed: outChannels, kernel, stride, batchNorm, activation.",
      "graph.layers[1].mbconv.midChannels: must be an integer of at least 1, not -1.",
      "graph.layers[1].mbconv.outChannels: must be an integer of at least 1, not 1.5.",
      'graph.layers[1].mbconv.kernel: must be an odd integer of at least 1, not "3".',
      "graph.layers[1].mbconv.stride: must be an integer from 1 to 4294967295, not 4294967296.",
      "graph.layers[1].mbconv.seChannels: must be an integer of at least 0, not true.",
      "graph.layers[2]: must hold exactly one of conv, mbconv, globalPool, dense, " + 'not "dense" and "globalPool".',
    ]);
  });

  test("needs a graph's input and layers", () => {
    expect(mistakes({ graph: { input: null, layers: [] } })).toEqual([
      "invalid",
      "graph.input: is missing; it must be an object.",
      "graph.layers: must be a list of at least one layer, not an empty list.",
    ]);
  });

  test("needs the layers to fit together: convolutions, then pooling, then dense layers, a dense one at the end", () => {
    const conv = { conv: { outChannels: 4, kernel: 3, stride: 1 } };
    const flow = (...layers: unknown[]) => mistakes({ graph: { input, layers } });
    expect(flow({ globalPool: {} }, conv, { dense: { units: 2 } })).toEqual([
      "invalid",
      "graph.layers[1]: conv cannot follow globalPool, which leaves a vector without positions.",
    ]);
    expect(flow({ globalPool: {} }, { globalPool: {} }, { dense: { units: 2 } })[1]).toContain(
      "graph.layers[1]: globalPool",
    );
    expect(flow(conv, { dense: { units: 2 } })).toEqual([
      "invalid",
      "graph.layers[1]: dense needs a globalPool before it: it works on vectors.",
    ]);
    expect(flow(conv, { globalPool: {} })).toEqual([
      "invalid",
      "graph.layers: must end with a dense layer, which yields one logit a class.",
    ]);
  });

  test("needs a table row's hash and arms", () => {
    expect(mistakes({ tableRow: { tableSha256: "ABC", arms: [0, -1] } })).toEqual([
      "invalid",
      'tableRow.tableSha256: must be 64 lower-case hexadecimal digits, not "ABC".',
      "tableRow.arms[1]: must be an integer of at least 0, not -1.",
    ]);
    expect(mistakes({ tableRow: { tableSha256: "0".repeat(64), arms: [] } })[1]).toContain("tableRow.arms: ");
  });

  test.each([null, undefined, 3, "graph", []])("refuses what is no object: %p", (value) => {
    expect(mistakes(value)[0]).toBe("invalid");
  });

  test("reads a message with nothing set as a network of a kind that it does not know", () => {
    expect(mistakes({})[0]).toBe("unknown_operation");
  });
});
