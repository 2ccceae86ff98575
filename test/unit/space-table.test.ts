import { describe, expect, test } from "@jest/globals";
import { tableSpace } from "../../coordinator/search/space/table-space.ts";
import { parseTable } from "../../network/table.ts";

const hash = "ab".repeat(32);
const choices = [
  { name: "a", arms: ["x", "y"] },
  { name: "b", arms: ["x", "y", "z"] },
];
const spaceOf = (rows: readonly unknown[]) =>
  tableSpace(parseTable(JSON.stringify({ name: "t", choices, rows })), hash);

const space = spaceOf([
  { arms: [0, 0], accuracy: 0.5, macs: 10, params: 3 },
  { arms: [1, 2], accuracy: 0.6, macs: 30 },
  { arms: [0, 1], accuracy: 0.7, params: 4 },
  { arms: [1, 1], accuracy: 0.7 },
]);

describe("tableSpace", () => {
  test("has the table's name and choices", () => {
    expect(space.name).toBe("t");
    expect(space.choices.map(({ name, block }) => [name, block])).toEqual([
      ["a", "a"],
      ["b", "b"],
    ]);
  });

  test("decodes every sample to the table's row, listed or not", () => {
    expect(space.decode([1, 0])).toEqual({ type: "tableRow", tableSha256: hash, arms: [1, 0] });
  });

  test("gives the figures that the table lists, and no others", () => {
    expect(space.cost([0, 0])).toEqual({ macs: 10, params: 3 });
    expect(space.cost([1, 2])).toEqual({ macs: 30 });
    expect(space.cost([0, 1])).toEqual({ params: 4 });
    expect(space.cost([1, 1])).toEqual({});
    expect(space.cost([1, 0])).toBeUndefined();
  });

  test("finds the row of the most MACs, if any row lists them", () => {
    expect(space.largest()).toEqual([1, 2]);
    expect(spaceOf([{ arms: [0, 0], accuracy: 0.5 }]).largest()).toBeUndefined();
  });

  test("refuses samples that are none", () => {
    expect(() => space.decode([0])).toThrow(RangeError);
    expect(() => space.decode([0, 3])).toThrow("arm 3 of b is not from 0 to 2");
    expect(() => space.cost([0, -1])).toThrow(RangeError);
  });
});
