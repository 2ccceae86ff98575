import { describe, expect, test } from "@jest/globals";
import { blockGroups } from "../../coordinator/search/space/block-groups.ts";
import { fbnetv2F, fbnetv2FFine } from "../../coordinator/search/space/shipped/fbnetv2-f.ts";
import { spaceLogSize, spaceSize } from "../../coordinator/search/space/size.ts";
import type { Space } from "../../coordinator/search/space/space.ts";

/** Arms of a space whose choices are factorized, and of one in which those of each block are joint. */
function distributionSizes(space: Space) {
  const arms = space.choices.map((choice) => choice.arms.length);
  const joint = blockGroups(space).map((group) => group.reduce((product, index) => product * arms[index]!, 1));
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  return { factorized: sum(arms), joint: sum(joint), blocks: joint.length };
}

describe("FP-NAS's spaces (arXiv 2011.10949, Tables 1 and 2)", () => {
  test("FBNetV2-F has the published shape: 10 groups, 176 factorized and 3,624 joint parameters", () => {
    expect(distributionSizes(fbnetv2F())).toEqual({ factorized: 176, joint: 3624, blocks: 10 });
  });

  test("FBNetV2-F-Fine has 17 blocks, 311 factorized and 6,792 joint parameters", () => {
    expect(distributionSizes(fbnetv2FFine())).toEqual({ factorized: 311, joint: 6792, blocks: 17 });
  });

  test("their entropies and sizes are exact, far beyond 2^53", () => {
    expect(spaceLogSize(fbnetv2F())).toBeCloseTo(56.253668, 6);
    expect(spaceSize(fbnetv2F())).toBe(2_695_612_494_689_630_945_280_000n);
    expect(Number(spaceSize(fbnetv2FFine()))).toBeCloseTo(5.840347e42, -37);
  });

  test("the first group's one expansion is no choice, and strides stand in each group's first block", () => {
    const space = fbnetv2F();
    expect(space.choices.slice(0, 4).map(({ name }) => name)).toEqual([
      ...["group1.kernel", "group1.channels", "group1.se", "group1.activation"],
    ]);
    const network = space.decode(space.largest()!);
    const strides =
      network.type === "graph" ? network.layers.flatMap((layer) => ("stride" in layer ? [layer.stride] : [])) : [];
    expect(strides).toEqual([2, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1]);
  });
});
