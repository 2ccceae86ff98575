import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseMbconvDefinition } from "../../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../../coordinator/search/space/mbconv-space.ts";
import { shippedSpaces } from "../../coordinator/search/space/registry.ts";
import type { Space } from "../../coordinator/search/space/space.ts";
import { decodeNetwork, encodeNetwork } from "../../network/codec.ts";

function allSamples(space: Space): readonly (readonly number[])[] {
  return space.choices.reduce<readonly (readonly number[])[]>(
    (samples, { arms }) => samples.flatMap((sample) => [...arms.keys()].map((arm) => [...sample, arm])),
    [[]],
  );
}

const someOf = <Value>(...values: readonly Value[]) => fc.shuffledSubarray([...values], { minLength: 1, maxLength: 2 });

/** Small widths and expansions below 1, where the costliest network is not the one of the largest values. */
const groups = fc.record({
  stride: fc.constantFrom(1, 2),
  repeat: fc.constantFrom(1, 2),
  choices: fc.constantFrom("shared", "each"),
  kernel: someOf(0, 1, 3, 5),
  expansion: someOf(0.25, 0.75, 1, 2),
  channels: someOf(4, 5, 8, 12),
  se: fc.constantFrom([0], [0, 1]),
});

const definitions = fc
  .record({
    groups: fc.array(groups, { minLength: 1, maxLength: 2 }),
    roundMid: fc.constantFrom(1, 4, 8),
    side: fc.integer({ min: 3, max: 9 }),
  })
  .map(({ groups, roundMid, side }) => ({
    name: "any",
    input: { height: side, width: side, channels: 3 },
    classes: 2,
    roundMid,
    stem: { channels: 8 },
    // The last group makes sure that there is a choice.
    blocks: [...groups, { kernel: [1, 3], expansion: 1, channels: 4 }].map((group, index) => ({
      name: `g${index}`,
      ...group,
    })),
  }));

describe("spaces of inverted bottlenecks", () => {
  test("their largest sample has the most MACs of all, as brute force finds", () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const space = mbconvSpace(parseMbconvDefinition(definition));
        fc.pre(space.choices.length <= 10);
        const most = allSamples(space).reduce((max, arms) => Math.max(max, space.cost(arms)?.macs ?? 0), 0);
        expect(space.cost(space.largest() ?? [])?.macs).toBe(most);
      }),
      { numRuns: 60 },
    );
  });

  test.each([...shippedSpaces.keys()])("every sample of %s is a network that the codec accepts", (name) => {
    const space = shippedSpaces.get(name)!.make();
    const sample = fc.tuple(...space.choices.map(({ arms }) => fc.nat({ max: arms.length - 1 })));
    fc.assert(
      fc.property(sample, (arms) => {
        const network = space.decode(arms);
        expect(decodeNetwork(encodeNetwork(network))).toEqual(network);
        expect(space.cost(arms)?.macs).toBeLessThanOrEqual(space.cost(space.largest()!)!.macs!);
      }),
      { numRuns: 20 },
    );
  });
});
