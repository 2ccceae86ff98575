import { describe, expect, test } from "@jest/globals";
import { archiveCap, bestAndNewest, remember, type Entry } from "../../../coordinator/search/algorithm/archive.ts";
import { stratified } from "../../../coordinator/search/algorithm/fp-nas-plus.ts";
import { frequencies, inSlots, mixUniform, moveTowards } from "../../../coordinator/search/algorithm/mixture.ts";
import {
  openPhase,
  recordRound,
  restartIfStuck,
  type PlusState,
} from "../../../coordinator/search/algorithm/plus-phase.ts";
import { plusSettings } from "../../../coordinator/search/algorithm/plus-settings.ts";
import { drawUnseen } from "../../../coordinator/search/algorithm/unseen.ts";
import { entropy, marginals, uniformDistribution } from "../../../coordinator/search/distribution.ts";
import { namedStream, uniformIndex } from "../../../coordinator/search/rng.ts";
import { testSpace } from "../../support/search-spaces.ts";

const { choices } = testSpace([
  { arms: 2, block: "a" },
  { arms: 3, block: "a" },
  { arms: 4, block: "b" },
]);
const problem = { choices, beta: 0, hinge: () => 0 };
const uniform = uniformDistribution(choices);
const scored = (arms: readonly number[], accuracy: number) => ({ arms, score: { accuracy, hinge: 0 } });

describe("the archive", () => {
  test("keeps the best half and the newest half, in order", () => {
    const values = [9, 1, 8, 2, 3, 7, 4, 5];
    expect(bestAndNewest(values, 4, (value) => value)).toEqual([9, 8, 4, 5]);
    expect(bestAndNewest(values, 8, (value) => value)).toBe(values);
    expect(bestAndNewest([3, 3, 3, 3], 2, (value) => value)).toEqual([3, 3]);
  });

  test("takes a network once, failed ones too, and no more than its cap", () => {
    const first: Entry[] = [scored([0], 0.5), { arms: [1], score: null }];
    const kept = remember(first, [scored([1], 0.9), scored([2], 0.1), scored([2], 0.1)], ({ accuracy }) => accuracy);
    expect(kept.map(({ arms }) => arms)).toEqual([[0], [1], [2]]);
    const many = Array.from({ length: archiveCap + 50 }, (_, index) => scored([index], index === 3 ? 1 : 0));
    const full = remember<Entry>([], many, ({ accuracy }) => accuracy);
    expect(full).toHaveLength(archiveCap);
    expect(full.map(({ arms }) => arms[0])).toEqual(expect.arrayContaining([3, archiveCap + 49]));
  });
});

describe("mixtures", () => {
  test("move the probabilities of each slot towards the weighted samples", () => {
    const moved = moveTowards(
      uniform,
      [
        { arms: [1, 2, 3], weight: 0.75 },
        { arms: [1, 0, 0], weight: 0.25 },
      ],
      0.4,
    );
    const expected = [
      [0.3, 0.7],
      [0.3, 0.2, 0.5],
      [0.25, 0.15, 0.15, 0.45],
    ];
    marginals(moved).forEach((row, choice) =>
      row.forEach((probability, arm) => expect(probability).toBeCloseTo(expected[choice]![arm]!, 12)),
    );
    const mixed = marginals(mixUniform(moved, 0.5));
    expect(mixed[0]![1]).toBeCloseTo(0.6, 12);
  });

  test("keep every logit finite, so that JSON keeps the state", () => {
    const sure = moveTowards(uniform, [{ arms: [0, 0, 0], weight: 1 }], 1);
    expect(JSON.parse(JSON.stringify(sure))).toEqual(sure);
    expect(entropy(sure)).toBeLessThan(1e-9);
  });

  test("count the members and one uniform one more, in the slots of the stage", () => {
    expect(entropy(frequencies([], "block", problem))).toBeCloseTo(Math.log(24), 12);
    const [first] = frequencies([[1, 2, 0]], "block", problem).slots;
    expect(Math.exp(first!.logits[5]!)).toBeCloseTo(0.5 + 0.5 / 6, 12);
    const merged = inSlots(uniform, "block", problem);
    expect(inSlots(merged, "block", problem)).toBe(merged);
  });
});

test("an unseen sample is drawn as long as there is one, and a seen one after that", () => {
  const taken = new Set<string>();
  const sample = (rng: ReturnType<typeof namedStream>) => [uniformIndex(rng, 5)];
  const drawn = Array.from({ length: 6 }, (_, draw) => drawUnseen(sample, namedStream(1, `draw/${draw}`), taken)[0]);
  expect(new Set(drawn.slice(0, 5)).size).toBe(5);
  expect(drawn[5]).toBeLessThan(5);
});

test("a stratified design has the arms of each choice equally often, as far as their numbers allow", () => {
  const design = stratified(choices, 8, namedStream(3, "design"));
  choices.forEach(({ arms }, choice) => {
    const counts = arms.map((_, arm) => design.filter((draw) => draw[choice] === arm).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(8);
  });
  expect(design).not.toEqual(stratified(choices, 8, namedStream(4, "design")));
});

describe("phases of fp-nas-plus", () => {
  const settings = plusSettings.parse({ patience: 3 });
  const kernel = { degree: 2, offset: 0, noise: 0.01 };
  const fresh: PlusState = { ...openPhase(uniform, 0, 8), kernel, archive: [], remembered: null };
  const samples = Array.from({ length: 6 }, (_, index) => [index % 2, index % 3, 0]);
  const stuck = recordRound(fresh, [...samples.slice(0, 4).map((arms, index) => scored(arms, 0.9 - index / 10))], 0);

  test("count new results since the best of the phase, failures and repeats left out", () => {
    expect(stuck).toMatchObject({ phaseBest: 0.9, idle: 3, sinceFit: 4 });
    const later = recordRound(stuck, [scored(samples[0]!, 0.9), { arms: samples[4]!, score: null }], 0);
    expect(later).toMatchObject({ phaseBest: 0.9, idle: 3, sinceFit: 4 });
    expect(later.archive).toHaveLength(5);
    expect(recordRound(later, [scored(samples[5]!, 0.95)], 0)).toMatchObject({ phaseBest: 0.95, idle: 0 });
  });

  test("end without progress: the next begins uniform, with the last result alone, and the best one is remembered", () => {
    const sure = { ...stuck, distribution: moveTowards(uniform, [{ arms: [0, 0, 0], weight: 1 }], 0.9) };
    const next = restartIfStuck(sure, settings, 0);
    expect(next).toMatchObject({ phase: 1, idle: 0, kernel: null, next: { count: 8, samples: [] } });
    expect(next?.phaseBest).toBeCloseTo(0.6, 12);
    expect(next?.archive.map(({ phase }) => phase)).toEqual([0, 0, 0, 1]);
    expect(entropy(next!.distribution)).toBeCloseTo(Math.log(24), 10);
    expect(next?.remembered).toEqual({ distribution: sure.distribution, best: 0.9 });
    const worse = restartIfStuck({ ...next!, kernel, idle: 3 }, settings, 0);
    expect(worse?.remembered).toBe(next!.remembered);
  });

  test("go on while patience lasts, before a kernel is known, and under noise", () => {
    expect(restartIfStuck({ ...stuck, idle: 2 }, settings, 0)).toBeNull();
    expect(restartIfStuck({ ...stuck, kernel: null }, settings, 0)).toBeNull();
    expect(restartIfStuck({ ...stuck, kernel: { ...kernel, noise: 0.1 } }, settings, 0)).not.toBeNull();
    expect(restartIfStuck({ ...stuck, kernel: { ...kernel, noise: 0.4 } }, settings, 0)).toBeNull();
  });
});
