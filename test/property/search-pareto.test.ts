import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Candidate } from "../../coordinator/search/best.ts";
import { extendFront, frontCap, paretoFront, thinFront } from "../../coordinator/search/pareto.ts";

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

describe("thinFront", () => {
  test("keeps the ends and at most as many points as it may, in order, all of them where there are no more", () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 60 }), fc.integer({ min: 2, max: 8 }), (points, cap) => {
        const front = paretoFront(points);
        const thinned = thinFront(front, cap);
        expect(thinned).toHaveLength(Math.min(cap, front.length));
        expect(thinned).toEqual(front.filter((one) => thinned.includes(one)));
        expect([thinned[0], thinned.at(-1)]).toEqual([front[0], front.at(-1)]);
      }),
    );
  });

  test("lets go of the point that alone beats the least, of equals the cheaper", () => {
    const front = [
      { cost: 0, accuracy: 0 },
      { cost: 1, accuracy: 4 },
      { cost: 2, accuracy: 5 },
      { cost: 3, accuracy: 6 },
      { cost: 9, accuracy: 7 },
    ];
    expect(thinFront(front, 4).map(({ cost }) => cost)).toEqual([0, 1, 3, 9]);
    expect(thinFront(front.with(3, { cost: 3, accuracy: 5.1 }), 4).map(({ cost }) => cost)).toEqual([0, 1, 2, 9]);
  });
});

const networks = fc.array(
  fc.record({
    accuracy: fc.integer({ min: 0, max: 50 }),
    macs: fc.option(fc.integer({ min: 0, max: 50 })),
    params: fc.option(fc.integer({ min: 0, max: 50 })),
  }),
  { minLength: 1, maxLength: 50 },
);

const candidates = (of: readonly { accuracy: number; macs: number | null; params: number | null }[]): Candidate[] =>
  of.map(({ accuracy, macs, params }, index) => ({
    trial: index + 1,
    arms: [index],
    measurement: { accuracy, steps: 0, extra: {} },
    macs,
    params,
    hinge: 0,
  }));

describe("extendFront", () => {
  test("of any batches in any order is the front of all, networks of unknown cost apart", () => {
    fc.assert(
      fc.property(networks, fc.constantFrom("macs", "params"), fc.nat(), fc.boolean(), (of, figure, cut, turned) => {
        const all = candidates(of);
        const known = all.flatMap((one) => {
          const { [figure]: cost } = one;
          return cost === null ? [] : [{ one, cost, accuracy: one.measurement.accuracy }];
        });
        const at = cut % all.length;
        const batches = turned ? [all.slice(at), all.slice(0, at)] : [all.slice(0, at), all.slice(at)];
        const front = batches.reduce<readonly Candidate[]>((before, batch) => extendFront(before, batch, figure), []);
        expect(front).toEqual(paretoFront(known).map(({ one }) => one));
      }),
    );
  });

  test("is the best network, of equals the lower trial, where no cost is known", () => {
    const all = candidates([3, 7, 7, 1].map((accuracy) => ({ accuracy, macs: null, params: null })));
    expect(extendFront([], [...all].reverse(), null)).toEqual([all[1]]);
    expect(extendFront(all.slice(2, 3), all, null)).toEqual([all[1]]);
  });

  test("never holds more than its cap, and keeps the cheapest and the best for ever", () => {
    const all = candidates(
      Array.from({ length: 5 * frontCap }, (_, index) => ({
        accuracy: index,
        macs: index ** 2,
        params: null,
      })),
    );
    let front: readonly Candidate[] = [];
    for (let first = 0; first < all.length; first += 7) {
      front = extendFront(front, all.slice(first, first + 7), "macs");
      expect(front.length).toBeLessThanOrEqual(frontCap);
      expect(front[0]).toBe(all[0]);
      expect(front.at(-1)).toBe(all[Math.min(first + 6, all.length - 1)]);
    }
    expect(front).toHaveLength(frontCap);
  });
});
