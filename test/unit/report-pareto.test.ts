import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { paretoFront } from "../../coordinator/export/report/pareto.ts";

const point = fc.record({ cost: fc.integer({ min: 0, max: 12 }), accuracy: fc.integer({ min: 0, max: 12 }) });
type Point = typeof point extends fc.Arbitrary<infer T> ? T : never;

const beats = (a: Point, b: Point): boolean =>
  a.cost <= b.cost && a.accuracy >= b.accuracy && (a.cost < b.cost || a.accuracy > b.accuracy);

describe("paretoFront", () => {
  test("holds exactly the points that no other beats, one of each, by rising cost", () => {
    fc.assert(
      fc.property(fc.array(point, { maxLength: 40 }), (points) => {
        const unbeaten = points.filter((one) => !points.some((other) => beats(other, one)));
        const distinct = new Map(unbeaten.map((one) => [`${one.cost}/${one.accuracy}`, one]));
        const expected = [...distinct.values()].sort((a, b) => a.cost - b.cost);
        expect(paretoFront(points)).toEqual(expected);
      }),
    );
  });

  test("keeps the first of equal points and leaves its input as it was", () => {
    const points = [
      { cost: 2, accuracy: 0.5, name: "b" },
      { cost: 1, accuracy: 0.5, name: "first" },
      { cost: 1, accuracy: 0.5, name: "second" },
    ];
    const before = structuredClone(points);
    expect(paretoFront(points).map(({ name }) => name)).toEqual(["first"]);
    expect(points).toEqual(before);
  });
});
