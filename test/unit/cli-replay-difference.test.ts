import { expect, test } from "@jest/globals";
import { differenceText, firstDifference } from "../../cli/replay/difference.ts";

test.each([
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] }, { path: "state.a[1].b", stored: 2, replayed: 3 }],
  [{ a: 1, b: 2 }, { b: 2 }, { path: "state.a", stored: 1 }],
  [{ b: 2 }, { b: 2, c: null }, { path: "state.c", replayed: null }],
  [{ a: [1, 2] }, { a: [1] }, { path: "state.a[1]", stored: 2 }],
  [{ a: [] }, { a: {} }, { path: "state.a", stored: [], replayed: {} }],
  [{ a: null }, { a: 0 }, { path: "state.a", stored: null, replayed: 0 }],
])("the first difference of %j and %j is found with its path", (stored, replayed, difference) => {
  expect(firstDifference("state", stored, replayed)).toEqual(difference);
});

test("equal values have no difference, whatever the order of their keys", () => {
  expect(firstDifference("state", { a: [1, null, { b: "x" }], c: 2 }, { c: 2, a: [1, null, { b: "x" }] })).toBeNull();
});

test("a difference is told on one line, long values cut short", () => {
  expect(differenceText({ event: 7, path: "state.a", stored: 1, replayed: [2] })).toBe(
    "event 7: state.a: [2] by the log, 1 as stored",
  );
  expect(differenceText({ event: 7, path: "events[7]", stored: "x".repeat(999) })).toBe(
    `event 7: events[7]: nothing by the log, "${"x".repeat(76)}... as stored`,
  );
});
