import { expect, test } from "@jest/globals";
import { rememberCosts } from "../../coordinator/search/space/remember-costs.ts";
import type { Space } from "../../coordinator/search/space/space.ts";

/** A space of 10,000 samples that counts how often it is asked; every third has no known cost. */
function countingSpace(): { space: Space; asked: () => number } {
  let asked = 0;
  const arms = Array.from({ length: 100 }, (_, index) => `${index}`);
  const space: Space = {
    name: "counting",
    choices: [
      { name: "a", arms, block: "a" },
      { name: "b", arms, block: "b" },
    ],
    decode: (sample) => ({ type: "tableRow", tableSha256: "", arms: [...sample] }),
    knows: (figure) => figure === "macs",
    largest: () => [99, 99],
    cost: ([a = 0, b = 0]) => {
      asked += 1;
      return (a + b) % 3 === 0 ? undefined : { macs: 100 * a + b };
    },
  };
  return { space, asked: () => asked };
}

test("a space that remembers costs says what the space says, and asks it once", () => {
  const { space, asked } = countingSpace();
  const remembering = rememberCosts(space);
  for (let time = 0; time < 3; time += 1) {
    for (let a = 0; a < 20; a += 1) expect(remembering.cost([a, 7])).toEqual(countingSpace().space.cost([a, 7]));
  }
  expect(asked()).toBe(20);
  expect(remembering).toMatchObject({ name: space.name, choices: space.choices });
  expect([remembering.knows("macs"), remembering.knows("params")]).toEqual([true, false]);
  expect(remembering.largest()).toEqual([99, 99]);
  expect(remembering.decode([1, 2])).toEqual(space.decode([1, 2]));
});

test("a space that remembers costs forgets the oldest, and says the same of them still", () => {
  const { space, asked } = countingSpace();
  const remembering = rememberCosts(space);
  const samples = Array.from({ length: 10_000 }, (_, index) => [Math.floor(index / 100), index % 100]);
  for (const sample of samples) remembering.cost(sample);
  expect(asked()).toBe(10_000);
  for (const sample of samples.slice(-4096)) remembering.cost(sample);
  expect(asked()).toBe(10_000);
  expect(remembering.cost([0, 1])).toEqual({ macs: 1 });
  expect(asked()).toBe(10_001);
});
