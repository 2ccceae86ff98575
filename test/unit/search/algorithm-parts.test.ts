import { describe, expect, test } from "@jest/globals";
import { archiveCap, bestAndNewest, remember, type Entry } from "../../../coordinator/search/algorithm/archive.ts";
import { frequencies, inSlots, mixUniform, moveTowards } from "../../../coordinator/search/algorithm/mixture.ts";
import { stratified } from "../../../coordinator/search/algorithm/stratified.ts";
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
const scored = (arms: readonly number[], accuracy: number) => ({ arms, score: { merit: accuracy, hinge: 0 } });

describe("the archive", () => {
  test("keeps the best half and the newest half, in order", () => {
    const values = [9, 1, 8, 2, 3, 7, 4, 5];
    expect(bestAndNewest(values, 4, (value) => value)).toEqual([9, 8, 4, 5]);
    expect(bestAndNewest(values, 8, (value) => value)).toBe(values);
    expect(bestAndNewest([3, 3, 3, 3], 2, (value) => value)).toEqual([3, 3]);
  });

  test("takes a network once, failed ones too, and no more than its cap", () => {
    const first: Entry[] = [scored([0], 0.5), { arms: [1], score: null }];
    const kept = remember(first, [scored([1], 0.9), scored([2], 0.1), scored([2], 0.1)], ({ merit }) => merit);
    expect(kept.map(({ arms }) => arms)).toEqual([[0], [1], [2]]);
    const many = Array.from({ length: archiveCap + 50 }, (_, index) => scored([index], index === 3 ? 1 : 0));
    const full = remember<Entry>([], many, ({ merit }) => merit);
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

test("drawing what is unseen prefers accepted samples, then new ones, and takes any where there are no others", () => {
  const sample = (rng: { uniform(): number }): number[] => [uniformIndex(rng, 5)];
  const isEven = ([arm = 0]: readonly number[]): boolean => arm % 2 === 0;
  const taken = new Set<string>();
  const drawn = Array.from({ length: 6 }, (_, draw) =>
    drawUnseen(sample, namedStream(2, `draw/${draw}`), taken, isEven),
  );
  expect(
    drawn
      .slice(0, 3)
      .map(([arm]) => arm)
      .sort(),
  ).toEqual([0, 2, 4]);
  expect(
    drawn
      .slice(3, 5)
      .map(([arm]) => arm)
      .sort(),
  ).toEqual([1, 3]);
  expect(drawn[5]![0]).toBeLessThan(5);
});
