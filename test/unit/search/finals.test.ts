import { describe, expect, test } from "@jest/globals";
import { largestWeights } from "../../../coordinator/search/finals.ts";
import { createSearch } from "../../../coordinator/search/job.ts";
import type { Space } from "../../../coordinator/search/space/space.ts";
import type { PlannedTrial, SearchResult } from "../../../coordinator/search/types.ts";
import { failed, measured, runSearch, type Evaluation, type SearchRun } from "../../support/search-driver.ts";
import { testSpace, testSpec } from "../../support/search-spaces.ts";

const choices = [4, 4, 4].map((arms) => ({ arms }));
const macsOf = (arms: readonly number[]) => 10 + arms.reduce((sum, arm) => sum + arm, 0);
const space = testSpace(choices, macsOf);

/** The middle of the space is the best. */
const accuracyOf = (arms: readonly number[]) => 0.9 - arms.reduce((sum, arm) => sum + Math.abs(arm - 1), 0) / 20;

function run(within: Space, random: number, largest = true, seed = 1): SearchRun {
  const spec = testSpec("fp-nas", { final: { random, largest }, budget: { trials: 30, wallMs: null } });
  return runSearch(createSearch(spec, within), seed, ({ arms }) => measured(accuracyOf(arms)));
}

function resultOf({ outcome }: SearchRun): SearchResult {
  if (outcome.type !== "succeeded") throw new Error(`The search ended ${outcome.type}.`);
  return outcome.result;
}

describe("the final training", () => {
  test("trains the answer, random networks and the largest, numbered after the search's trials", () => {
    const played = run(space, 2);
    const { answer, finals, trials } = resultOf(played);
    expect(finals.map(({ role }) => role)).toEqual(["finalAnswer", "finalRandom", "finalRandom", "finalLargest"]);
    expect(finals.map(({ trial }) => trial)).toEqual([1, 2, 3, 4].map((number) => trials + number));
    expect(finals[0]?.arms).toEqual(answer.arms);
    expect(finals[3]?.arms).toEqual([3, 3, 3]);
    expect(played.trials.slice(trials).every(({ round }) => round === 0)).toBe(true);
    expect(played.trials.filter(({ role }) => role === "search")).toHaveLength(trials);
  });

  test("compares with random networks of no fewer MACs, other than the answer and each other", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { answer, finals } = resultOf(run(space, 5, false, seed));
      const arms = finals.map((final) => final.arms.join());
      expect(new Set(arms).size).toBe(6);
      for (const final of finals) expect(macsOf(final.arms)).toBeGreaterThanOrEqual(macsOf(answer.arms));
    }
  });

  test("draws each random network from its own stream: more of them leave the first ones as they are", () => {
    const [few, many] = [1, 4].map((random) => resultOf(run(space, random, false)).finals.map(({ arms }) => arms));
    expect(many!.slice(0, 2)).toEqual(few);
  });

  test("draws from the whole space where no cost is known, and knows no largest network then", () => {
    const { finals } = resultOf(run(testSpace(choices), 3));
    expect(finals.map(({ role }) => role)).toEqual(["finalAnswer", "finalRandom", "finalRandom", "finalRandom"]);
  });

  test("leaves out random networks that there are not", () => {
    const { finals } = resultOf(
      run(
        testSpace([{ arms: 1 }], () => 1),
        3,
      ),
    );
    expect(finals.map(({ role }) => role)).toEqual(["finalAnswer", "finalLargest"]);
  });

  test("that fails is told as failed, and does not fail the job", () => {
    const spec = testSpec("fp-nas", { final: { random: 1, largest: true }, budget: { trials: 30, wallMs: null } });
    const { outcome } = runSearch(createSearch(spec, space), 1, ({ role, arms }) =>
      role === "finalRandom" ? failed("out_of_memory") : measured(accuracyOf(arms)),
    );
    expect(outcome).toMatchObject({
      type: "succeeded",
      result: {
        finals: [{ outcome: { type: "completed" } }, { outcome: { type: "failed", reason: "out_of_memory" } }, {}],
      },
    });
  });

  test("is left out where none is asked for", () => {
    const played = runSearch(createSearch(testSpec("fp-nas"), space), 1, ({ arms }) => measured(accuracyOf(arms)));
    expect(resultOf(played).finals).toEqual([]);
    expect(played.trials.every(({ role }) => role === "search")).toBe(true);
  });
});

describe("distillation from the largest network", () => {
  const weights = { sha256: "a".repeat(64), sizeBytes: 9 };
  const spec = testSpec("fp-nas", {
    final: { random: 2, largest: false, teacher: "largest" },
    budget: { trials: 30, wallMs: null },
  });
  const evaluate = ({ role, arms }: PlannedTrial): Evaluation => {
    const outcome = measured(accuracyOf(arms));
    if (role !== "finalLargest" || outcome.type !== "completed") return outcome;
    return { ...outcome, measurement: { ...outcome.measurement, weights } };
  };

  test("trains the largest alone and first, then the others, and tells its weights from then on", () => {
    const opened: string[][] = [];
    const told: (string | null)[] = [];
    const played = runSearch(createSearch(spec, space), 1, evaluate, {
      between: (state, commands) => {
        for (const command of commands) {
          if (command.type !== "createTrials" || state.phase !== "training") continue;
          opened.push(command.trials.map(({ role }) => role));
          told.push(largestWeights(state)?.sha256 ?? null);
        }
        return JSON.parse(JSON.stringify(state)) as typeof state;
      },
    });
    expect(opened).toEqual([["finalLargest"], ["finalAnswer", "finalRandom", "finalRandom"]]);
    expect(told).toEqual([null, weights.sha256]);
    const { finals, trials } = resultOf(played);
    expect(finals.map(({ role }) => role)).toEqual(["finalAnswer", "finalRandom", "finalRandom", "finalLargest"]);
    expect(finals.map(({ trial }) => trial - trials)).toEqual([2, 3, 4, 1]);
  });

  test("goes on without a teacher where the largest failed, or kept no weights", () => {
    for (const outcome of [failed("out_of_memory"), measured(0.5)]) {
      const played = runSearch(createSearch(spec, space), 1, (trial) =>
        trial.role === "finalLargest" ? outcome : evaluate(trial),
      );
      expect(resultOf(played).finals.map(({ role }) => role)).toHaveLength(4);
      expect(largestWeights(played.state)).toBeNull();
    }
  });

  test("waits with the second step while the job is paused, and ends at once where it is cancelled", () => {
    const first = runSearch(createSearch(spec, space), 1, evaluate).trials.find(({ role }) => role === "finalLargest");
    const paused = runSearch(createSearch(spec, space), 1, evaluate, {
      interrupt: (ended) => (ended === first!.trial - 1 ? [{ type: "jobPaused" }] : []),
      whenIdle: [{ type: "jobResumed" }],
    });
    expect(resultOf(paused).finals).toHaveLength(4);
    const cancelled = runSearch(createSearch(spec, space), 1, evaluate, {
      interrupt: (ended) => (ended === first!.trial - 1 ? [{ type: "jobCancelled" }] : []),
    });
    expect(cancelled.outcome).toEqual({ type: "cancelled" });
    expect(cancelled.cancelled).toEqual([first!.trial]);
  });

  test("is left out where no largest network is known", () => {
    const { finals } = resultOf(runSearch(createSearch(spec, testSpace(choices)), 1, evaluate));
    expect(finals.map(({ role }) => role)).toEqual(["finalAnswer", "finalRandom", "finalRandom"]);
  });
});
