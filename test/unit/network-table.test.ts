import { describe, expect, test } from "@jest/globals";
import { TableError } from "../../network/errors.ts";
import { parseTable, tableRow } from "../../network/table.ts";

const choices = [
  { name: "depth", arms: [2, 4] },
  { name: "op", arms: ["conv", "pool", "skip"], block: "cell" },
];
const rows = [{ arms: [0, 0], accuracy: 0.5 }];

/** The mistakes of a table that must not be read, one line each. */
function mistakes(table: unknown): readonly string[] {
  try {
    parseTable(typeof table === "string" ? table : JSON.stringify(table));
  } catch (error) {
    if (error instanceof TableError) return error.message.split("\n");
    throw error;
  }
  throw new Error("the table was read");
}

const rowMistakes = (...wrong: readonly unknown[]) => mistakes({ name: "t", choices, rows: wrong });

describe("parseTable", () => {
  test("reads names, arms, blocks and rows", () => {
    const table = parseTable(
      JSON.stringify({
        name: "t",
        choices,
        rows: [
          { arms: [0, 2], accuracy: 0.5, macs: 1.5e6, params: 1000 },
          { arms: [1, 0], accuracy: [0.25, 0.75] },
        ],
      }),
    );
    expect(table.name).toBe("t");
    expect(table.choices).toEqual([
      { name: "depth", arms: ["2", "4"], block: "depth" },
      { name: "op", arms: ["conv", "pool", "skip"], block: "cell" },
    ]);
    expect(tableRow(table, [0, 2])).toEqual({ arms: [0, 2], accuracy: 0.5, macs: 1.5e6, params: 1000 });
    expect(tableRow(table, [1, 0])).toEqual({ arms: [1, 0], accuracy: 0.5 });
  });

  test("knows nothing of rows that are not listed", () => {
    const table = parseTable(JSON.stringify({ name: "t", choices, rows }));
    expect(tableRow(table, [1, 1])).toBeUndefined();
    expect(tableRow(table, [0])).toBeUndefined();
    expect(tableRow(table, [7, -1])).toBeUndefined();
  });

  test("does not mind a byte order mark", () => {
    expect(parseTable(`\uFEFF${JSON.stringify({ name: "t", choices, rows })}`).rows.size).toBe(1);
  });

  test("says that a text is no JSON, or no table", () => {
    expect(mistakes("name: t")[0]).toContain("is not valid JSON: ");
    expect(mistakes([])).toEqual(["must be an object, not an empty list."]);
    expect(mistakes({})).toEqual([
      "name: is missing; it must be a name of 1 to 200 characters.",
      "choices: is missing; it must be a list of at least one choice.",
      "rows: is missing; it must be a list of at least one row.",
    ]);
  });

  test("names every mistake of the choices", () => {
    const wrong = [
      { name: "a", arms: [] },
      { name: "a", arms: [3, "3"] },
      { name: "", arms: [true], blok: "x" },
    ];
    expect(mistakes({ name: "t", choices: wrong, rows: [], row: 1 })).toEqual([
      "choices[0].arms: must be a list of at least one arm, not an empty list.",
      'choices[1].arms[1]: repeats the arm "3".',
      'choices[2].name: must be a name of 1 to 200 characters, not "".',
      "choices[2].arms[0]: must be a name or a number, not true.",
      "choices[2].blok: unknown key. Did you mean block? Allowed: name, arms, block.",
      "rows: must be a list of at least one row, not an empty list.",
      "row: unknown key. Did you mean rows? Allowed: name, choices, rows.",
    ]);
    expect(mistakes({ name: "t", choices: [choices[0], choices[0]], rows })).toEqual([
      'choices[1].name: repeats the name "depth".',
    ]);
  });

  test("names every mistake of the rows", () => {
    expect(
      rowMistakes(
        { arms: [2, 0], accuracy: 0.5 },
        { arms: [0, 0.5], accuracy: 0.5 },
        { arms: [0], accuracy: 0.5 },
        { accuracy: 0.5 },
        { arms: [0, 1], accuracy: -0.1 },
        { arms: [0, 1], accuracy: [] },
        { arms: [0, 1], accuracy: [0.5, "0.6"] },
        { arms: [0, 1], acc: 0.5 },
        { arms: [0, 1], accuracy: 0.5, macs: -1, params: null },
        7,
      ),
    ).toEqual([
      'rows[0].arms[0]: must be an integer from 0 to 1 (the choice "depth" has 2 arms), not 2.',
      'rows[1].arms[1]: must be an integer from 0 to 2 (the choice "op" has 3 arms), not 0.5.',
      "rows[2].arms: must be a list of 2 arm numbers, one a choice, not of 1.",
      "rows[3].arms: is missing; it must be a list of 2 arm numbers, one a choice.",
      "rows[4].accuracy: must be a fraction from 0 to 1, not -0.1.",
      "rows[5].accuracy: must be a fraction from 0 to 1, or a list of at least one (its mean is taken), not an empty list.",
      'rows[6].accuracy[1]: must be a fraction from 0 to 1, not "0.6".',
      "rows[7].accuracy: is missing; it must be a fraction from 0 to 1.",
      "rows[7].acc: unknown key. Did you mean accuracy? Allowed: arms, accuracy, macs, params.",
      "rows[8].macs: must be a number from 0 to 9007199254740991, not -1.",
      "rows[8].params: must be a number from 0 to 9007199254740991, not null.",
      "rows[9]: must be an object, not 7.",
    ]);
  });

  test("says so where accuracies look like percentages", () => {
    expect(rowMistakes({ arms: [0, 0], accuracy: 93.1 })).toEqual([
      "rows[0].accuracy: must be a fraction from 0 to 1, not 93.1. It looks like a percentage: divide it by 100.",
    ]);
    expect(rowMistakes({ arms: [0, 0], accuracy: 931 })).toEqual([
      "rows[0].accuracy: must be a fraction from 0 to 1, not 931.",
    ]);
  });

  test("refuses a second row of the same arms", () => {
    expect(rowMistakes(rows[0], { arms: [1, 1], accuracy: 0.1 }, rows[0])).toEqual([
      "rows[2].arms: [0,0] is listed already in rows[0].",
    ]);
  });

  test("shows 20 mistakes of the rows and counts the others", () => {
    const found = rowMistakes(...Array.from({ length: 50 }, () => ({ arms: [0, 0], accuracy: 50 })));
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toBe("rows: 30 more mistakes are not shown.");
  });
});
