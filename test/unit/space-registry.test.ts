import { describe, expect, test } from "@jest/globals";
import { blockGroups } from "../../coordinator/search/space/block-groups.ts";
import { shippedSpaces } from "../../coordinator/search/space/registry.ts";
import { mbconvSmall } from "../../coordinator/search/space/shipped/mbconv-small.ts";
import { spaceLogSize, spaceSize } from "../../coordinator/search/space/size.ts";
import { networkHash } from "../../network/canonical.ts";

describe("the shipped spaces", () => {
  test.each([...shippedSpaces])(
    "%s is called so, and its choices have names of their own",
    (name, { description, make }) => {
      const space = make();
      expect(space.name).toBe(name);
      expect(description).not.toBe("");
      expect(new Set(space.choices.map((choice) => choice.name)).size).toBe(space.choices.length);
    },
  );

  test("mbconv-small spans 0.06 to 3.3 M MACs", () => {
    const space = mbconvSmall();
    expect(space.cost(space.largest()!)).toEqual({ macs: 3_333_328, params: 225_234 });
    expect(space.cost(space.choices.map(() => 0))?.macs).toBe(58_024);
  });

  test("mbconv-small has far more than 1e4 distinct networks", () => {
    const space = mbconvSmall();
    const sizes = space.choices.map(({ arms }) => arms.length);
    // Every 10,007th sample: a prime to the number of arms, so that all arms take part.
    const hashes = new Set<string>();
    for (let sample = 0; sample < Number(spaceSize(space)); sample += 10_007) {
      let rest = sample;
      const arms = sizes.map((size) => {
        const arm = rest % size;
        rest = Math.floor(rest / size);
        return arm;
      });
      hashes.add(networkHash(space.decode(arms)));
    }
    expect(hashes.size).toBeGreaterThan(1e4);
  });
});

describe("sizes and blocks", () => {
  const choice = (name: string, count: number, block: string) => ({
    ...{ name, block, arms: Array.from({ length: count }, (_, arm) => String(arm)) },
  });
  const space = {
    ...mbconvSmall(),
    choices: [choice("a", 2, "x"), choice("b", 3, "y"), choice("c", 5, "x"), choice("d", 1, "z")],
  };

  test("the size is the product of the arms, and the entropy of the uniform distribution its logarithm", () => {
    expect(spaceSize(space)).toBe(30n);
    expect(spaceLogSize(space)).toBeCloseTo(Math.log(30), 12);
  });

  test("choices of one block are grouped in the order in which blocks first occur", () => {
    expect(blockGroups(space)).toEqual([[0, 2], [1], [3]]);
  });
});
