import { describe, expect, test } from "@jest/globals";
import { createSearch } from "../../../coordinator/search/job.ts";
import type { EarlierTrial, LookupEntry, PlannedTrial, SearchResult } from "../../../coordinator/search/types.ts";
import { networkHash } from "../../../network/canonical.ts";
import { measured, runSearch, type SearchRun } from "../../support/search-driver.ts";
import { allSamples, testSpace, testSpec } from "../../support/search-spaces.ts";

const space = testSpace(
  [{ arms: 3 }, { arms: 3 }, { arms: 3 }],
  (arms) => 100 - arms.reduce((sum, arm) => sum + arm, 0),
);
const accuracyOf = (arms: readonly number[]): number => 0.5 + arms.reduce((sum, arm) => sum + arm, 0) / 50;
const evaluate = ({ arms }: Pick<PlannedTrial, "arms">) => measured(accuracyOf(arms));
const earlierTrial = (trial: number, accuracy: number): EarlierTrial => ({
  job: "default/earlier",
  trial,
  measurement: { accuracy, steps: 0, extra: {} },
});
/** Every network of the space, as a job that searched it all has measured it. */
const everything = new Map(
  allSamples(space).map((arms, index) => [networkHash(space.decode(arms)), earlierTrial(index + 1, accuracyOf(arms))]),
);

function resultOf({ outcome }: SearchRun): SearchResult {
  if (outcome.type !== "succeeded") throw new Error(`The search ended ${outcome.type}.`);
  return outcome.result;
}

describe("a network that an earlier job has measured", () => {
  const search = createSearch(testSpec("random", { settings: { k: 8 }, budget: { trials: 4, wallMs: null } }), space);

  /** The first round's hashes, and what follows from an answer to its lookup. */
  function firstRound(answer: (hashes: readonly string[]) => readonly LookupEntry[]) {
    const [state, [lookup]] = search.step(search.init(2), { type: "jobStarted", atMs: 0 });
    if (lookup?.type !== "lookupNetworks") throw new Error("no lookup");
    const [next, [create]] = search.step(state, { type: "networksResolved", known: answer(lookup.hashes) });
    if (create?.type !== "createTrials") throw new Error("no trials");
    return { hashes: lookup.hashes, next, trials: create.trials };
  }

  test("becomes a trial of its own number that has ended with that measurement, outside the budget", () => {
    const { hashes, next, trials } = firstRound((asked) =>
      asked.map((_, index) => (index < 2 ? earlierTrial(40 + index, 0.7) : null)),
    );
    expect(hashes.length).toBeGreaterThan(6);
    expect(trials.map(({ trial, hash }) => [trial, hash])).toEqual(
      hashes.slice(0, 6).map((hash, index) => [index + 1, hash]),
    );
    expect(trials.map(({ earlier }) => earlier)).toEqual([
      earlierTrial(40, 0.7),
      earlierTrial(41, 0.7),
      ...[null, null, null, null],
    ]);
    expect(next).toMatchObject({ trials: 4, reused: 2, measured: 0, round: { newTrials: 4, reused: 2 } });
    expect(next.round?.networks.map(({ outcome }) => outcome?.type ?? null)).toEqual([
      "completed",
      "completed",
      ...[null, null, null, null],
    ]);
    expect(search.step(next, { type: "trialFailed", trial: 1, reason: "lost" })).toEqual([next, []]);
    expect(search.progress(next)).toMatchObject({ trialsCreated: 4, trialsEnded: 0 });
  });

  test("is evaluated where that measurement is no fraction", () => {
    const { next, trials } = firstRound((asked) => asked.map(() => earlierTrial(1, 1.5)));
    expect(trials.map(({ earlier }) => earlier)).toEqual([null, null, null, null]);
    expect(next).toMatchObject({ trials: 4, reused: 0 });
  });

  test("is no longer asked of the earlier job: its trial here is the one that is known", () => {
    const hashes = new Set<string>();
    runSearch(search, 2, evaluate, {
      earlier: everything,
      between: (state, commands) => {
        for (const command of commands) {
          if (command.type !== "createTrials") continue;
          for (const { hash } of command.trials) {
            expect(hashes.has(hash)).toBe(false);
            hashes.add(hash);
          }
        }
        return state;
      },
    });
    expect(hashes.size).toBe(27);
  });
});

describe("a search whose networks an earlier job has all measured", () => {
  const final = { random: 1, largest: false };

  test.each(["fp-nas", "random", "local-search"])("finds the best without evaluating one: %s", (name) => {
    const run = runSearch(createSearch(testSpec(name, { final }), space), 3, () => measured(0.9), {
      earlier: everything,
    });
    const result = resultOf(run);
    expect(result).toMatchObject({ trials: 0, answer: { arms: [2, 2, 2] } });
    expect(result.uniqueNetworks).toBe(result.reused);
    expect(result.stages.map(({ trials }) => trials)).toEqual([0]);
    expect(run.rounds.every(({ newTrials }) => newTrials === 0)).toBe(true);
    // Final trainings are evaluations of another kind: they are made, and numbered after the search's trials.
    expect(run.trials.slice(-2).map(({ role, trial, earlier }) => [role, trial, earlier])).toEqual([
      ["finalAnswer", result.reused + 1, null],
      ["finalRandom", result.reused + 2, null],
    ]);
  });

  test("makes its asynchronous updates at once", () => {
    const stages = [
      { name: "only", slots: "factorized", until: { rounds: 3 }, asynchronous: { updateAfter: 2, inFlight: 6 } },
    ] as const;
    const search = createSearch(testSpec("random", { stages }), space);
    const run = runSearch(search, 3, evaluate, { earlier: everything });
    expect(run.rounds.map(({ draws }) => draws >= 6)).toEqual([true, true, true]);
    expect(resultOf(run)).toMatchObject({ trials: 0, rounds: 3 });
  });

  test("is not stalled by rounds that bring networks new to it, and is by those that bring none", () => {
    const run = runSearch(createSearch(testSpec("random"), space), 3, evaluate, { earlier: everything });
    expect(resultOf(run).reused).toBe(27);
    expect(run.state.stage.stalledRounds).toBe(30);
  });
});

describe("an asynchronous stage", () => {
  test("ends its round with the draws that an earlier job has measured, and others under way", () => {
    const stages = [
      { name: "only", slots: "factorized", until: {}, asynchronous: { updateAfter: 3, inFlight: 8 } },
    ] as const;
    const search = createSearch(testSpec("random", { stages }), space);
    const [state, [lookup]] = search.step(search.init(4), { type: "jobStarted", atMs: 0 });
    if (lookup?.type !== "lookupNetworks") throw new Error("no lookup");
    const known = lookup.hashes.map((_, index) => (index < 4 ? earlierTrial(index + 1, 0.6) : null));
    const [next, commands] = search.step(state, { type: "networksResolved", known });
    expect(commands.map(({ type }) => type)).toEqual(["createTrials", "closeRound", "lookupNetworks"]);
    expect(next).toMatchObject({ rounds: 1, trials: lookup.hashes.length - 4, reused: 4 });
    // The places of those that have ended are drawn anew.
    expect(next.round?.networks).toHaveLength(8);
  });
});
