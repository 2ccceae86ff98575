import { describe, expect, test } from "@jest/globals";
import { betterAnswer, betterObserved, type Candidate } from "../../../coordinator/search/best.ts";
import { largestBlock } from "../../../coordinator/search/merge-slots.ts";
import { adamStep, initAdam } from "../../../coordinator/search/optimizer/adam.ts";
import { hinge, reward } from "../../../coordinator/search/reward.ts";
import { namedStream, uniformIndex } from "../../../coordinator/search/rng.ts";
import { lambdaOf, sampleCount, type SampleCountSettings } from "../../../coordinator/search/sample-count.ts";
import { createSearch, decodeSnapshot, encodeSnapshot, SnapshotError } from "../../../coordinator/search/job.ts";
import { beginStage, countRound, isStageOver } from "../../../coordinator/search/stage.ts";
import { testSpace, testSpec } from "../../support/search-spaces.ts";

describe("named streams", () => {
  const read = (seed: number, name: string) => {
    const stream = namedStream(seed, name);
    return Array.from({ length: 4 }, () => stream.uniform());
  };

  test("are a function of seed and name alone", () => {
    expect(read(1, "round/1/sample/0")).toEqual(read(1, "round/1/sample/0"));
    const others = [read(2, "round/1/sample/0"), read(1, "round/1/sample/1"), read(Number.MAX_SAFE_INTEGER, "")];
    for (const other of others) expect(other).not.toEqual(read(1, "round/1/sample/0"));
  });

  test("keep their numbers from one version to the next", () => {
    expect(read(1, "round/1/sample/0").map((value) => value.toPrecision(12))).toMatchInlineSnapshot(`
     [
       "0.112092337663",
       "0.380210841594",
       "0.0883084351952",
       "0.457828066166",
     ]
    `);
  });

  test("are uniform over [0, 1), across streams as within one", () => {
    const stream = namedStream(1, "within");
    const within = Array.from({ length: 20_000 }, () => stream.uniform());
    const across = Array.from({ length: 20_000 }, (_, index) => namedStream(1, `across/${index}`).uniform());
    for (const values of [within, across]) {
      const counts = new Array<number>(20).fill(0);
      for (const value of values) counts[Math.floor(value * 20)]! += 1;
      // 99.9% quantile of chi-square at 19 degrees of freedom.
      expect(counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)).toBeLessThan(43.8);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...values)).toBeLessThan(1);
    }
  });

  test("give indices over the whole range", () => {
    const stream = namedStream(1, "index");
    expect(new Set(Array.from({ length: 200 }, () => uniformIndex(stream, 5)))).toEqual(new Set([0, 1, 2, 3, 4]));
  });
});

describe("the number of draws", () => {
  const settings: SampleCountSettings = { lambda: "auto", k0: 24, kMin: 2, kMax: 64 };

  test("begins with k0 where lambda is auto, in every space below 4 k0 nats", () => {
    for (let arms = 2; arms < 400; arms++) {
      const nats = 7 * Math.log(arms);
      expect(sampleCount(settings, lambdaOf(settings, nats), nats)).toBe(24);
    }
  });

  test("follows the published quarter of a draw a nat where that is more", () => {
    expect(lambdaOf(settings, 120)).toBe(0.25);
    expect(sampleCount(settings, 0.25, 120)).toBe(30);
  });

  test("is rounded down, and kept between kMin and kMax", () => {
    expect([0, 11.9, 12, 300].map((nats) => sampleCount(settings, 0.25, nats))).toEqual([2, 2, 3, 64]);
  });

  test("is kMin in a space of one network", () => {
    expect(sampleCount(settings, lambdaOf(settings, 0), 0)).toBe(2);
  });
});

describe("the cost hinge", () => {
  test("is the excess over each target as a share of it, summed, and 0 under the target", () => {
    const cost = { macs: 150, params: 30 };
    expect(hinge(cost, { macs: 100, beta: 1 })).toBe(0.5);
    expect(hinge(cost, { macs: 100, params: 20, beta: 1 })).toBe(1);
    expect(hinge(cost, { macs: 150, params: 40, beta: 1 })).toBe(0);
    expect(hinge(cost, null)).toBe(0);
    expect(reward({ merit: 0.9, hinge: 0.5 }, 0.3)).toBeCloseTo(0.75, 12);
  });

  test("is not known where a figure with a target is not known", () => {
    expect(hinge(undefined, { macs: 100, beta: 1 })).toBeUndefined();
    expect(hinge({ params: 30 }, { macs: 100, params: 20, beta: 1 })).toBeUndefined();
    expect(hinge({ params: 30 }, { params: 20, beta: 1 })).toBe(0.5);
    expect(hinge(undefined, null)).toBe(0);
  });
});

describe("Adam", () => {
  const settings = { learningRate: 0.2, beta1: 0.5, beta2: 0.999 };

  test("first steps by the learning rate against the gradient's sign, whatever its size", () => {
    const parameters = [[0, 0, 0], [1]];
    const [moved] = adamStep(parameters, [[3, -1e-3, 0], [5]], initAdam(parameters), settings);
    expect(moved[0]![0]).toBeCloseTo(-0.2, 6);
    expect(moved[0]![1]).toBeCloseTo(0.2, 5);
    expect(moved[0]![2]).toBe(0);
    expect(moved[1]![0]).toBeCloseTo(0.8, 6);
    expect(parameters).toEqual([[0, 0, 0], [1]]);
  });

  test("follows the published recurrences", () => {
    const gradients = [0.3, -0.1, 0.7];
    let [value, first, second] = [0, 0, 0];
    let parameters: readonly (readonly number[])[] = [[0]];
    let state = initAdam(parameters);
    gradients.forEach((gradient, index) => {
      first = 0.5 * first + 0.5 * gradient;
      second = 0.999 * second + 0.001 * gradient ** 2;
      value -= (0.2 * (first / (1 - 0.5 ** (index + 1)))) / (Math.sqrt(second / (1 - 0.999 ** (index + 1))) + 1e-8);
      [parameters, state] = adamStep(parameters, [[gradient]], state, settings);
    });
    expect(parameters[0]![0]).toBeCloseTo(value, 12);
    expect(state.steps).toBe(3);
  });
});

describe("stages", () => {
  const played = (rounds: readonly (readonly [draws: number, newTrials: number, entropy?: number])[]) =>
    rounds.reduce(
      (stage, [draws, newTrials, entropy = 9]) =>
        countRound(stage, { draws, hasDrawn: true, newTrials, reused: 0, entropy }),
      beginStage(0, 10),
    );

  test("end at the first of their rules that holds", () => {
    const stage = played([
      [8, 8],
      [6, 4],
    ]);
    expect(stage).toMatchObject({ rounds: 2, draws: 14, trials: 12 });
    const over = (until: object, entropy = 9) => isStageOver(stage, until, entropy, 10, true);
    expect([over({ rounds: 2 }), over({ rounds: 3 })]).toEqual([true, false]);
    expect([over({ trials: 12 }), over({ trials: 13 })]).toEqual([true, false]);
    expect([over({ entropyBelow: 0.9 }), over({ entropyBelow: 0.89 })]).toEqual([true, false]);
    expect(over({ rounds: 9, trials: 99, entropyBelow: 0.95 })).toBe(true);
    expect(over({})).toBe(false);
  });

  test("end when they have converged: half a percent of the entropy, or 30 rounds without a new network", () => {
    expect([0.05, 0.051].map((entropy) => isStageOver(played([[8, 8]]), {}, entropy, 10, true))).toEqual([true, false]);
    const idle = Array.from({ length: 29 }, () => [2, 0] as const);
    expect(isStageOver(played([[8, 8], ...idle]), {}, 9, 10, true)).toBe(false);
    expect(isStageOver(played([[8, 8], ...idle, [2, 0]]), {}, 9, 10, true)).toBe(true);
    expect(isStageOver(played([...idle, [2, 1], [2, 0]]), {}, 9, 10, true)).toBe(false);
  });

  test("of so many rounds have them all, converged or not", () => {
    const idle = played(Array.from({ length: 60 }, () => [2, 0] as const));
    expect([61, 60].map((rounds) => isStageOver(idle, { rounds }, 0.001, 10, true))).toEqual([false, true]);
  });

  test("that wait for a low entropy go on while it falls, and end 30 rounds after it has stopped", () => {
    const falling = Array.from({ length: 60 }, (_, index) => [2, 0, 9 - index / 10] as const);
    const level = Array.from({ length: 30 }, () => [2, 0, 3.1] as const);
    const over = (rounds: typeof falling, entropyBelow = 0.001) =>
      isStageOver(played(rounds), { entropyBelow }, rounds.at(-1)?.[2] ?? 10, 10, true);
    expect(over(falling)).toBe(false);
    expect(over([...falling, ...level.slice(1)])).toBe(false);
    expect(over([...falling, ...level])).toBe(true);
    expect(isStageOver(played(falling), { entropyBelow: 0.001 }, 0.02, 10, true)).toBe(false);
  });
});

describe("the best network", () => {
  const candidate = (trial: number, accuracy: number, macs: number | null, over: number | null = 0): Candidate => ({
    trial,
    arms: [trial],
    measurement: { accuracy, steps: 0, extra: {} },
    macs,
    params: null,
    hinge: over,
  });

  test("is the most accurate, then the one of fewest MACs, then the earliest trial", () => {
    const ranked = [
      candidate(5, 0.9, 10),
      candidate(3, 0.8, 10),
      candidate(4, 0.8, 10),
      candidate(1, 0.8, 20),
      candidate(2, 0.8, null),
    ];
    for (const better of [betterAnswer, betterObserved]) {
      ranked.forEach((winner, place) => {
        for (const loser of ranked.slice(place + 1)) {
          expect(better(winner, loser)).toBe(winner);
          expect(better(loser, winner)).toBe(winner);
        }
      });
      expect(better(null, ranked[4]!)).toBe(ranked[4]);
    }
  });

  test("as the answer meets the cost target, or exceeds it least, an unknown cost last", () => {
    const ranked = [
      candidate(1, 0.5, 10),
      candidate(2, 0.7, 90, 0.1),
      candidate(3, 0.9, 95, 0.2),
      candidate(4, 0.99, null, null),
    ];
    expect(ranked.toReversed().reduce<Candidate | null>(betterAnswer, null)).toBe(ranked[0]);
    expect(betterAnswer(ranked[2]!, ranked[1]!)).toBe(ranked[1]);
    expect(betterAnswer(ranked[3]!, ranked[2]!)).toBe(ranked[2]);
    expect(ranked.reduce<Candidate | null>(betterObserved, null)).toBe(ranked[3]);
  });
});

describe("blocks", () => {
  test("are measured by their joint arms", () => {
    const { choices } = testSpace([
      { arms: 3, block: "a" },
      { arms: 5, block: "b" },
      { arms: 4, block: "a" },
    ]);
    expect(largestBlock(choices)).toEqual({ block: "a", arms: 12 });
  });
});

describe("snapshots", () => {
  const state = createSearch(testSpec("fp-nas"), testSpace([{ arms: 3 }])).init(1);

  test("give the state back", () => {
    expect(decodeSnapshot(encodeSnapshot(state))).toStrictEqual(state);
  });

  test.each([
    ["{", "not JSON"],
    ["null", "no version"],
    ["{}", "no version"],
    [JSON.stringify({ ...state, version: 99 }), "version 99; this fpnas reads version 4 only"],
  ])("that cannot be read are refused with a reason: %s", (text, reason) => {
    expect(() => decodeSnapshot(text)).toThrow(SnapshotError);
    expect(() => decodeSnapshot(text)).toThrow(reason);
  });
});
