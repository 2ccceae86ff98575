import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { parseMbconvDefinition } from "../../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../../coordinator/search/space/mbconv-space.ts";
import { shippedSpaces } from "../../coordinator/search/space/registry.ts";
import type { Space } from "../../coordinator/search/space/space.ts";
import { networkHash } from "../../network/canonical.ts";
import { decodeNetwork, encodeNetwork } from "../../network/codec.ts";
import { networkCost } from "../../network/cost.ts";
import { sharedSlices } from "../../network/shared-weights.ts";
import type { Graph } from "../../network/types.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { buildModel } from "../../worker/model/model.ts";

const samples = ({ choices }: Space) => fc.tuple(...choices.map(({ arms }) => fc.nat(arms.length - 1)));
const size = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
const spaces = [...shippedSpaces].map(([name, { make }]) => [name, make()] as const);

/** Skipped blocks, gates, repeats, a width without expansion, a hidden layer: everything that has weights, few enough samples to see all. */
const tiny = mbconvSpace(
  parseMbconvDefinition({
    name: "tiny",
    input: { height: 8, width: 8, channels: 1 },
    classes: 3,
    stem: { channels: 8 },
    blocks: [
      { name: "a", channels: [8, 12], kernel: [0, 3, 5], expansion: [1, 1.5], repeat: 2, se: [0, 1] },
      {
        name: "b",
        stride: 2,
        channels: [8, 16],
        operations: [
          { name: "skip", kernel: 0 },
          { name: "k3", kernel: 3, expansion: 2 },
        ],
      },
    ],
    head: { channels: 16, hidden: 8 },
  }),
);

function everySample({ choices }: Space): readonly (readonly number[])[] {
  return choices.reduce<readonly (readonly number[])[]>(
    (before, { arms }) => before.flatMap((sample) => arms.map((_, arm) => [...sample, arm])),
    [[]],
  );
}

describe.each([...spaces, ["tiny", tiny] as const])("the supernet of %s", (_name, space) => {
  const supernet = space.supernet!();
  const tensors = new Map(supernet.tensors.map(({ tensor, shape }) => [tensor, shape]));

  test("gives the networks of its space, every weight a slice of its tensors", () => {
    fc.assert(
      fc.property(samples(space), (arms) => {
        const graph = supernet.decode(arms);
        const plain = graph.layers.map((layer) => ({ ...layer, sharedWeights: undefined }));
        expect({ ...graph, layers: plain }).toEqual(space.decode(arms));
        const slices = sharedSlices(graph);
        expect(slices.reduce((sum, { shape }) => sum + size(shape), 0)).toBe(networkCost(graph).params);
        for (const { tensor, shape } of slices) {
          const whole = tensors.get(tensor)!;
          expect(whole).toHaveLength(shape.length);
          shape.forEach((side, dimension) => expect(side).toBeLessThanOrEqual(whole[dimension]!));
        }
      }),
      { numRuns: 30 },
    );
  });

  test("keeps its names on the wire, and they tell its networks from others", () => {
    fc.assert(
      fc.property(samples(space), (arms) => {
        const graph = supernet.decode(arms);
        expect(decodeNetwork(JSON.parse(JSON.stringify(encodeNetwork(graph))))).toEqual(graph);
        expect(networkHash(graph)).not.toBe(networkHash(space.decode(arms)));
      }),
      { numRuns: 20 },
    );
  });
});

test("a supernet's tensors are as large as some network needs, and no larger", () => {
  const supernet = tiny.supernet!();
  const largest = new Map<string, number[]>();
  for (const arms of everySample(tiny)) {
    for (const { tensor, shape } of sharedSlices(supernet.decode(arms))) {
      largest.set(
        tensor,
        shape.map((side, dimension) => Math.max(side, largest.get(tensor)?.[dimension] ?? 0)),
      );
    }
  }
  expect(new Map(supernet.tensors.map(({ tensor, shape }) => [tensor, [...shape]]))).toEqual(largest);
});

test("filters begin with He's deviation for the most inputs, scales at one, the rest at zero", () => {
  const initial = new Map(tiny.supernet!().tensors.map((tensor) => [tensor.tensor, tensor.initial]));
  expect(initial.get("stem/conv3")).toEqual({ type: "normal", deviation: Math.sqrt(2 / 9) });
  expect(initial.get("blocks/a.1/depthwise5")).toEqual({ type: "normal", deviation: Math.sqrt(2 / 25) });
  expect(initial.get("blocks/a.2/expand")).toEqual({ type: "normal", deviation: Math.sqrt(2 / 12) });
  expect(initial.get("blocks/a.1/expand/scale")).toEqual({ type: "constant", value: 1 });
  expect(initial.get("classifier/dense/bias")).toEqual({ type: "constant", value: 0 });
});

test("only graphs whose every weight has a name have slices", () => {
  const graph = tiny.supernet!().decode([0, 1, 0, 0, 0, 0]);
  const change = (index: number, name: string | undefined): Graph => ({
    ...graph,
    layers: graph.layers.map((layer, place) =>
      place === index ? { ...layer, sharedWeights: name } : layer,
    ) as Graph["layers"],
  });
  expect(() => sharedSlices(change(1, undefined))).toThrow("graph.layers[1].sharedWeights: is missing");
  expect(() => sharedSlices(change(1, "stem"))).toThrow("graph.layers[1].sharedWeights: repeats stem.");
});

describe("a model", () => {
  beforeAll(async () => {
    await selectBackend("cpu");
  });

  test("has its parameters in the order and the shapes of its slices", () => {
    fc.assert(
      fc.property(samples(tiny), (arms) => {
        const graph = tiny.supernet!().decode(arms);
        const before = tf.memory().numTensors;
        const model = buildModel(graph, 1);
        expect(model.variables.map(({ shape }) => shape)).toEqual(sharedSlices(graph).map(({ shape }) => [...shape]));
        model.dispose();
        expect(tf.memory().numTensors).toBe(before);
      }),
      { numRuns: 40 },
    );
  });
});
