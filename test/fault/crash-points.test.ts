import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "@jest/globals";

import { allPoints, runCampaign, samplePoints } from "../support/crash/campaign.ts";
import { compareEndings, type Ending } from "../support/crash/ending.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fpnas-crash-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** `npm run verify:faults` tries all points, and PostgreSQL too. */
test("a coordinator killed with -9 at any of 20 commits of a job of 200 trials loses and doubles nothing, and its job ends bit for bit as an undisturbed one", async () => {
  const urls = [1, 2, 3, 4, 5].map((lane) => `sqlite:${join(folder, `${lane}.db`)}`);
  const report = await runCampaign(
    urls,
    (commits) => samplePoints(commits, 20, 1),
    () => undefined,
  );
  expect(report.trials).toBe(200);
  expect(report.commits).toBeGreaterThan(200);
  expect(report.workersSurvived).toBe(true);
  expect(report.outcomes).toHaveLength(20);
  for (const { point, ...outcome } of report.outcomes) {
    // The very last commits of a job may be fewer in another run.
    const wasKilled = outcome.wasKilled || point.commit > 0.8 * report.commits;
    expect({ point, ...outcome, wasKilled }).toEqual({
      point,
      wasKilled: true,
      lost: 0,
      doubled: 0,
      differing: [],
      example: null,
    });
  }
}, 240_000);

test("all points are two a commit, and a sample of them is the same for the same seed", () => {
  expect(allPoints(3)).toHaveLength(6);
  const key = ({ commit, when }: { commit: number; when: string }): string => `${commit} ${when}`;
  const sample = samplePoints(300, 20, 1);
  expect(new Set(sample.map(key)).size).toBe(20);
  expect(samplePoints(300, 20, 1)).toEqual(sample);
  expect(samplePoints(300, 20, 2)).not.toEqual(sample);
  expect(samplePoints(3, 20, 1).map(key).sort()).toEqual(allPoints(3).map(key).sort());
});

test("what is lost, doubled or otherwise is told of an ending", () => {
  const ending: Ending = {
    ...{ state: "succeeded", result: "r", snapshot: "s", rounds: "[]", replays: true },
    trials: ["a", "b", "c"],
    outcomes: new Map([
      [1, 1],
      [2, 1],
      [3, 1],
    ]),
  };
  const same = { lost: 0, doubled: 0, differing: [], example: null };
  expect(compareEndings(ending, ending)).toEqual(same);
  expect(compareEndings(ending, { ...ending, trials: ["a", "b"] })).toEqual({
    ...same,
    lost: 1,
    example: ["c", undefined],
  });
  expect(compareEndings(ending, { ...ending, trials: ["a", "x", "c"] })).toEqual({
    ...same,
    lost: 1,
    example: ["b", "x"],
  });
  expect(compareEndings(ending, { ...ending, outcomes: new Map([[1, 1]]) })).toEqual({ ...same, lost: 2 });
  expect(compareEndings(ending, { ...ending, outcomes: new Map([...ending.outcomes, [2, 2]]) })).toEqual({
    ...same,
    doubled: 1,
  });
  expect(compareEndings(ending, { ...ending, trials: ["a", "b", "c", "d"] })).toEqual({ ...same, doubled: 1 });
  expect(compareEndings(ending, { ...ending, snapshot: "t", replays: false })).toEqual({
    ...same,
    differing: ["snapshot", "replay"],
  });
});
