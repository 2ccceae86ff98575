import { describe, expect, test } from "@jest/globals";
import { SeedFollower } from "../../../cli/bench/seed-record.ts";
import { worth } from "../../../cli/bench/problem.ts";
import { tableProblem } from "../../../cli/bench/table-problem.ts";
import { ladderProblem, ladderTable } from "../../support/bench-problems.ts";

const problem = ladderProblem();
const exact = { isNoisy: false, hasMode: true };
const best = [2, 2, 2, 2, 2, 2];
const good = [2, 2, 2, 2, 1, 2];
const bad = [0, 0, 0, 0, 0, 0];

describe("a search that is followed", () => {
  test("has found what it drew at that draw, repeats counted among the draws but not among the networks", () => {
    const follower = new SeedFollower(problem, 10, exact);
    for (const arms of [bad, bad, good, best]) follower.drawn(arms, arms.join());
    expect(follower.record(7, 0.5, 2)).toMatchObject({
      seed: 7,
      bestTop1: 3,
      bestTop01: 4,
      uniqueTop01: 3,
      modeTop1: null,
      modeTop01: null,
      isSolved: true,
      isFeasible: true,
      busy: 0.5,
      stepMs: 2,
    });
  });

  test("has a regret after every draw, which stays where it stopped", () => {
    const follower = new SeedFollower(problem, 6, exact);
    for (const arms of [bad, good, bad, best]) follower.drawn(arms, arms.join());
    const regretOf = (arms: readonly number[]) => problem.optimum - (problem.trueAccuracy(arms) ?? NaN);
    expect([...follower.record(0, null, 0).regrets]).toEqual([regretOf(bad), regretOf(good), regretOf(good), 0, 0, 0]);
  });

  test("has a mode from its updates on, first come counts", () => {
    const follower = new SeedFollower(problem, 10, exact);
    follower.drawn(best, "a");
    follower.updated(bad, null);
    follower.drawn(bad, "b");
    follower.updated(good, null);
    follower.drawn(bad, "c");
    follower.updated(best, null);
    follower.updated(bad, null);
    expect(follower.record(0, null, 0)).toMatchObject({ modeTop1: 2, modeTop01: 3 });
    expect(follower.isSettled).toBe(true);
  });

  test("looks at no draw beyond the cap", () => {
    const follower = new SeedFollower(problem, 2, exact);
    for (const arms of [bad, bad, best]) follower.drawn(arms, arms.join());
    expect(follower.isFull).toBe(true);
    expect(follower.record(0, null, 0)).toMatchObject({ bestTop1: null, bestTop01: null, isSolved: false });
  });

  test("is judged by the true accuracy of its answer where rewards are noisy, for better or worse", () => {
    const follower = new SeedFollower(problem, 4, { isNoisy: true, hasMode: true });
    follower.drawn(best, "a");
    follower.updated(bad, bad);
    follower.drawn(bad, "b");
    follower.updated(bad, best);
    follower.drawn(bad, "c");
    follower.updated(bad, bad);
    const record = follower.record(0, null, 0);
    expect(record).toMatchObject({ bestTop01: 2, isSolved: false });
    expect([...record.regrets].map((regret) => regret > 0)).toEqual([true, false, true, true]);
    expect(follower.isSettled).toBe(false);
  });
});

describe("a table's problem", () => {
  test("has its best listed network for optimum", () => {
    expect(problem.optimum).toBe(problem.trueAccuracy(best));
    const partial = tableProblem(
      ladderTable("partial", (arms) => arms[0] !== 2),
      null,
    );
    expect(partial.trueAccuracy(best)).toBeUndefined();
    expect(partial.optimum).toBe(partial.trueAccuracy([1, 2, 2, 2, 2, 2]));
    expect(worth(partial, best)).toBe(-Infinity);
  });

  test("ranks only what meets the targets", () => {
    const frugal = ladderProblem({ macs: 700, beta: 0.3 });
    // 6 steps from the first arms at 100 MACs each: best spent on the choices that weigh most.
    expect(frugal.optimum).toBe(frugal.trueAccuracy([2, 2, 2, 0, 0, 0]));
    expect(worth(frugal, best)).toBe(-Infinity);
    expect(worth(frugal, bad)).toBe(0.5);
    expect(frugal.levels.top01).toBe(frugal.optimum);
  });

  test("is refused where no network meets the targets, or none tells its cost", () => {
    expect(() => ladderProblem({ macs: 1, beta: 0.3 })).toThrow("cost: No network of table ladder meets the targets.");
    expect(() => ladderProblem({ params: 1, beta: 0.3 })).toThrow("cost.params: Table ladder tells none");
  });
});
