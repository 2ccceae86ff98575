import { describe, expect, test } from "@jest/globals";
import { parseMbconvDefinition } from "../../coordinator/search/space/mbconv-definition.ts";
import { gateChannels, roundChannels } from "../../coordinator/search/space/mbconv-layers.ts";
import { mbconvSpace } from "../../coordinator/search/space/mbconv-space.ts";
import { networkHash } from "../../network/canonical.ts";
import type { Layer } from "../../network/types.ts";

const base = {
  name: "test",
  input: { height: 8, width: 8, channels: 3 },
  classes: 2,
  stem: { channels: 8, stride: 2 },
};

function spaceOf(blocks: readonly unknown[], rest: object = {}) {
  return mbconvSpace(parseMbconvDefinition({ ...base, ...rest, blocks }));
}

/** The layers between stem and head of a space without a head convolution. */
function blockLayersOf(space: ReturnType<typeof spaceOf>, arms: readonly number[]): readonly Layer[] {
  const network = space.decode(arms);
  return network.type === "graph" ? network.layers.slice(1, -2) : [];
}

describe("mbconvSpace", () => {
  test("names a group's choices in the order kernel, expansion, channels, se, activation; single values are none", () => {
    const all = {
      ...{
        name: "a",
        activation: ["relu", "swish"],
        se: [0, 1],
        channels: [8, 16],
        expansion: [1, 1.5],
        kernel: [0, 3],
      },
    };
    expect(spaceOf([all, { name: "b", kernel: [3, 5], expansion: 2, channels: 8 }]).choices).toEqual([
      { name: "a.kernel", arms: ["0", "3"], block: "a" },
      { name: "a.expansion", arms: ["1", "1.5"], block: "a" },
      { name: "a.channels", arms: ["8", "16"], block: "a" },
      { name: "a.se", arms: ["0", "1"], block: "a" },
      { name: "a.activation", arms: ["relu", "swish"], block: "a" },
      { name: "b.kernel", arms: ["3", "5"], block: "b" },
    ]);
  });

  test("gives each block its own choices where the definition says so, and joins what has one block label", () => {
    const group = { name: "a", repeat: 2, choices: "each", kernel: [3, 5], expansion: 2, channels: 8 };
    expect(spaceOf([group]).choices.map(({ name, block }) => [name, block])).toEqual([
      ["a.1.kernel", "a.1"],
      ["a.2.kernel", "a.2"],
    ]);
    expect(spaceOf([{ ...group, block: "x" }]).choices.map(({ block }) => block)).toEqual(["x", "x"]);
  });

  test("decodes to stem, blocks and head; the first of repeated blocks has the stride", () => {
    const group = { name: "a", repeat: 2, stride: 2, kernel: [3, 5], expansion: 3, channels: 16, se: 1 };
    const space = spaceOf([group], { head: { channels: 32, hidden: 20 } });
    const block = { type: "mbconv", outChannels: 16, kernel: 5, activation: "relu6" };
    expect(space.decode([1])).toEqual({
      type: "graph",
      input: base.input,
      layers: [
        { type: "conv", outChannels: 8, kernel: 3, stride: 2, batchNorm: true, activation: "relu6" },
        { ...block, midChannels: 24, stride: 2, seChannels: 8 },
        { ...block, midChannels: 48, stride: 1, seChannels: 16 },
        { type: "conv", outChannels: 32, kernel: 1, stride: 1, batchNorm: true, activation: "relu6" },
        { type: "globalPool" },
        { type: "dense", units: 20, bias: true, activation: "relu6" },
        { type: "dense", units: 2, bias: true, activation: "none" },
      ],
    });
  });

  test("lets stem, head and blocks say their own activation", () => {
    const group = { name: "a", kernel: [3, 5], expansion: 3, channels: 16, activation: "relu" };
    const space = spaceOf([group], {
      activation: "none",
      stem: { channels: 8, activation: "swish" },
      head: { hidden: 4, activation: "relu6" },
    });
    const network = space.decode([0]);
    const activations =
      network.type === "graph"
        ? network.layers.flatMap((layer) => ("activation" in layer ? [layer.activation] : []))
        : [];
    expect(activations).toEqual(["swish", "relu", "relu6", "none"]);
  });

  test("leaves nothing of a skipped layer where the shape stays, and a 1x1 convolution where it changes", () => {
    const group = { name: "a", repeat: 3, kernel: [0, 3], expansion: 2, channels: [8, 16] };
    expect(blockLayersOf(spaceOf([group]), [0, 0])).toEqual([]);
    const pointwise = { type: "conv", outChannels: 16, kernel: 1, stride: 1, batchNorm: true, activation: "none" };
    expect(blockLayersOf(spaceOf([group]), [0, 1])).toEqual([pointwise]);
    const strided = { ...pointwise, outChannels: 8, stride: 2 };
    expect(blockLayersOf(spaceOf([{ ...group, stride: 2 }]), [0, 0])).toEqual([strided]);
  });

  test("hashes samples alike that differ only in what a skipped layer would have been", () => {
    const group = {
      name: "a",
      kernel: [0, 3],
      expansion: [2, 4],
      channels: 8,
      se: [0, 1],
      activation: ["relu", "swish"],
    };
    const space = spaceOf([group]);
    const hashes = [0, 1].flatMap((expansion) =>
      [0, 1].flatMap((se) => [0, 1].map((activation) => networkHash(space.decode([0, expansion, se, activation])))),
    );
    expect(new Set(hashes).size).toBe(1);
    expect(networkHash(space.decode([1, 0, 0, 0]))).not.toBe(hashes[0]);
  });

  test("decides kernel, expansion, gate and activation together where a group lists operations", () => {
    const operations = [
      { name: "swish5", kernel: 5, expansion: 6, se: 1, activation: "swish" },
      { name: "plain3", kernel: 3, expansion: 3 },
      { name: "skip", kernel: 0 },
    ];
    const space = spaceOf([{ name: "a", channels: [8, 16], operations }]);
    expect(space.choices).toEqual([
      { name: "a", arms: ["swish5", "plain3", "skip"], block: "a" },
      { name: "a.channels", arms: ["8", "16"], block: "a" },
    ]);
    const block = { type: "mbconv", outChannels: 8, stride: 1 };
    expect(blockLayersOf(space, [0, 0])).toEqual([
      { ...block, kernel: 5, midChannels: 48, seChannels: 16, activation: "swish" },
    ]);
    expect(blockLayersOf(space, [1, 0])).toEqual([
      { ...block, kernel: 3, midChannels: 24, seChannels: 0, activation: "relu6" },
    ]);
    expect(blockLayersOf(space, [2, 0])).toEqual([]);
  });

  test("rounds middle widths to the definition's multiple", () => {
    const group = { name: "a", kernel: [3, 5], expansion: 1.5, channels: 8 };
    const stem = { channels: 12 };
    const mid = (roundMid: number) => blockLayersOf(spaceOf([group], { stem, roundMid }), [0])[0];
    expect(mid(1)).toMatchObject({ midChannels: 18 });
    expect(mid(8)).toMatchObject({ midChannels: 24 });
  });

  test("refuses samples that are none", () => {
    const space = spaceOf([{ name: "a", kernel: [3, 5], expansion: 1, channels: 8 }]);
    expect(() => space.decode([])).toThrow(RangeError);
    expect(() => space.decode([2])).toThrow("arm 2 of a.kernel is not from 0 to 1");
    expect(() => space.cost([0.5])).toThrow(RangeError);
  });
});

describe("roundChannels", () => {
  test.each([
    [1, 8, 8],
    [12, 8, 16],
    [11.9, 8, 16],
    [20, 8, 24],
    [27, 8, 32],
    [105, 8, 104],
    [7.5, 1, 8],
  ])("rounds %p to multiples of %p as %p", (width, multiple, rounded) => {
    expect(roundChannels(width, multiple)).toBe(rounded);
  });

  test("gives the gates of FBNetV2-F1", () => {
    const gates = [128, 144, 288, 360, 368, 840, 992].map(gateChannels);
    expect(gates).toEqual([32, 40, 72, 88, 96, 208, 248]);
  });
});
