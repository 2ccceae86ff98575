import { describe, expect, test } from "@jest/globals";
import type { AlgorithmEntry } from "../../coordinator/search/algorithm/algorithm.ts";
import { entropy } from "../../coordinator/search/distribution.ts";
import { createSearch, decodeSnapshot, encodeSnapshot, type JobState } from "../../coordinator/search/job.ts";
import { namedStream } from "../../coordinator/search/rng.ts";
import type { Event, SearchResult } from "../../coordinator/search/types.ts";
import { failed, measured, measuredBy, runSearch, type Evaluation, type SearchRun } from "./search-driver.ts";
import { allSamples, testSpace, testSpec } from "./search-spaces.ts";

/** Two blocks of three choices, 2 * 3 * 4 squared = 576 networks; MACs grow with every arm. */
const space = testSpace(
  [2, 3, 4, 2, 3, 4].map((arms, index) => ({ arms, block: index < 3 ? "front" : "back" })),
  (arms) => 100 + arms.reduce((sum, arm, index) => sum + (index + 1) * arm, 0),
);

const stages = [
  { name: "coarse", slots: "factorized", until: { entropyBelow: 0.5, rounds: 12 } },
  { name: "fine", slots: "block", until: {} },
] as const;

/** Every arm adds its share; the last arms are the best and the dearest. */
const accuracyOf = (arms: readonly number[]): number =>
  0.5 + arms.reduce((sum, arm, index) => sum + arm * (index + 1), 0) / 100;
const evaluate = ({ arms }: { readonly arms: readonly number[] }): Evaluation => measured(accuracyOf(arms));

function resultOf({ outcome }: SearchRun): SearchResult {
  if (outcome.type !== "succeeded") throw new Error(`The search ended ${outcome.type}.`);
  return outcome.result;
}

/** Ends a random open trial next, from a seed. */
function shuffled(seed: number): (open: readonly number[]) => number {
  let turn = 0;
  return (open) => open[Math.floor(namedStream(seed, `order/${turn++}`).uniform() * open.length)]!;
}

/** What every search algorithm must keep, whatever it searches with. A new algorithm passes it by standing in the registry. */
export function describeSearchAlgorithm(entry: AlgorithmEntry): void {
  const search = createSearch(testSpec(entry.name, { stages }), space);
  const plain = runSearch(search, 7, evaluate);

  describe(`search algorithm ${entry.name}`, () => {
    test("tells people what it is, and describes every setting", () => {
      expect(entry.description).toMatch(/^[A-Z].*\.$/);
      expect(entry.settings.safeParse({ nosuch: 1 }).success).toBe(false);
      expect(entry.settings.safeParse({}).success).toBe(true);
    });

    test("gives the same run for the same seed, and another for another", () => {
      expect(runSearch(search, 7, evaluate)).toEqual(plain);
      expect(runSearch(search, 8, evaluate).trials.map(({ arms }) => arms)).not.toEqual(
        plain.trials.map(({ arms }) => arms),
      );
    });

    test("keeps its state as JSON, bit for bit, after every step", () => {
      const between = (state: JobState): JobState => {
        const text = encodeSnapshot(state);
        const back = decodeSnapshot(text);
        expect(back).toStrictEqual(state);
        expect(encodeSnapshot(back)).toBe(text);
        return back;
      };
      expect(runSearch(search, 7, evaluate, { between })).toEqual(plain);
    });

    test("never changes a state in place", () => {
      const seen: [JobState, string][] = [];
      runSearch(search, 7, evaluate, {
        between: (state) => {
          if (seen.length < 100) seen.push([state, encodeSnapshot(state)]);
          return state;
        },
      });
      for (const [state, text] of seen) expect(encodeSnapshot(state)).toBe(text);
    });

    test("does not depend on the order in which trials end", () => {
      for (const seed of [1, 2, 3]) expect(runSearch(search, 7, evaluate, { order: shuffled(seed) })).toEqual(plain);
      expect(runSearch(search, 7, evaluate, { order: (open) => open.at(-1)! })).toEqual(plain);
    });

    test("survives failing trials and learns from the others alone", () => {
      const flaky = ({ trial, arms }: { readonly trial: number; readonly arms: readonly number[] }): Evaluation =>
        trial % 3 === 0 ? failed("out_of_memory") : measured(accuracyOf(arms));
      const run = runSearch(search, 7, flaky);
      expect(resultOf(run).answer.trial % 3).not.toBe(0);
      expect(run.state.failures.out_of_memory).toBe(Math.floor(resultOf(run).trials / 3));
      expect(runSearch(search, 7, flaky, { order: shuffled(4) })).toEqual(run);
    });

    test("fails the job, with the reason, where nothing is ever measured", () => {
      const { outcome, trials } = runSearch(search, 7, () => failed("nan_loss"));
      expect(outcome).toMatchObject({ type: "failed", error: expect.stringContaining("nan_loss") });
      expect(trials.length).toBeLessThanOrEqual(100);
    });

    test("comes to the same end when it is paused in the middle of rounds", () => {
      const pauses = (ended: number): Event[] => {
        if (ended % 5 === 2) return [{ type: "jobPaused" }];
        return ended % 5 === 4 ? [{ type: "jobResumed" }] : [];
      };
      const patient = createSearch(testSpec(entry.name, { stages, budget: { trials: 40, wallMs: null } }), space);
      const run = runSearch(patient, 7, evaluate, {
        interrupt: pauses,
        whenIdle: [{ type: "jobResumed" }],
      });
      const { state, ...rest } = runSearch(patient, 7, evaluate);
      expect({ ...run, state: { ...run.state, paused: false } }).toEqual({ state, ...rest });
    });

    test("answers with a network that meets the cost target", () => {
      const cost = { macs: 110, beta: 0.3 };
      const { answer, bestObserved } = resultOf(
        runSearch(createSearch(testSpec(entry.name, { stages, cost }), space), 7, evaluate),
      );
      expect(space.cost(answer.arms)?.macs).toBeLessThanOrEqual(cost.macs);
      expect(bestObserved.measurement.accuracy).toBeGreaterThanOrEqual(answer.measurement.accuracy);
    });

    test("pays for a network once, however often it is drawn, and stays within the budget", () => {
      const small = testSpace([{ arms: 2 }, { arms: 2 }]);
      const run = runSearch(createSearch(testSpec(entry.name), small), 7, evaluate);
      const hashes = run.trials.map(({ hash }) => hash);
      expect(new Set(hashes).size).toBe(hashes.length);
      expect(resultOf(run)).toMatchObject({ trials: hashes.length, uniqueNetworks: hashes.length });
      expect(resultOf(run).draws).toBeGreaterThan(allSamples(small).length);
      const short = resultOf(
        runSearch(createSearch(testSpec(entry.name, { budget: { trials: 3, wallMs: null } }), space), 7, evaluate),
      );
      expect(short.trials).toBe(3);
    });

    test("takes over what an earlier job has measured, beside its budget, and is otherwise the same search", () => {
      const earlier = measuredBy(plain.trials.slice(0, 30), evaluate);
      const run = runSearch(search, 7, evaluate, {
        earlier,
        between: (state) => decodeSnapshot(encodeSnapshot(state)),
      });
      const reused = run.trials.filter((trial) => trial.earlier !== null);
      expect(reused.map(({ hash }) => hash)).toEqual([...earlier.keys()]);
      expect(run.trials.map(({ trial }) => trial)).toEqual(run.trials.map((_, index) => index + 1));
      expect(resultOf(run)).toMatchObject({ reused: 30, trials: run.trials.length - 30 });
      expect(resultOf(run).uniqueNetworks).toBe(run.trials.length);
      // The same seed draws the same networks: what cost trials before is free now, as far as the first search went.
      expect(run.trials.slice(0, plain.trials.length).map(({ hash }) => hash)).toEqual(
        plain.trials.map(({ hash }) => hash),
      );
      expect(resultOf(run).answer.measurement.accuracy).toBeGreaterThanOrEqual(
        resultOf(plain).answer.measurement.accuracy,
      );
      expect(runSearch(search, 7, evaluate, { earlier, order: shuffled(4) })).toEqual(run);
    });

    test("ends in a space of one network", () => {
      const { answer, mode } = resultOf(
        runSearch(createSearch(testSpec(entry.name), testSpace([{ arms: 1 }])), 7, evaluate),
      );
      expect([answer.arms, mode.arms]).toEqual([[0], [0]]);
    });

    test("searches a choice of 10,000 arms", () => {
      const wide = testSpace([{ arms: 10_000 }, { arms: 2 }]);
      const spec = testSpec(entry.name, { budget: { trials: 40, wallMs: null } });
      const run = runSearch(createSearch(spec, wide), 7, ({ arms }) => measured(arms[0]! / 10_000));
      expect(resultOf(run).trials).toBe(40);
      expect(resultOf(run).answer.measurement.accuracy).toBeGreaterThan(0.9);
    });

    test("keeps nothing of past rounds: its state is as large after many trials as after few", () => {
      const sizes: number[] = [];
      runSearch(search, 7, evaluate, {
        between: (state, commands) => {
          if (commands.some(({ type }) => type === "closeRound")) sizes.push(encodeSnapshot(state).length);
          return state;
        },
      });
      expect(Math.max(...sizes)).toBeLessThan(40_000);
    });

    test("holds a distribution over every choice of the space", () => {
      const problem = { choices: space.choices, beta: 0, hinge: () => 0 };
      const algorithm = entry.create(entry.settings.parse({}), problem);
      const state = algorithm.enterStage(algorithm.init(), "block");
      const { slots } = algorithm.distribution(state);
      expect(slots.flatMap(({ choices }) => choices).sort()).toEqual(space.choices.map((_, index) => index));
      expect(entropy(algorithm.distribution(state))).toBeCloseTo(Math.log(576), 10);
      expect(algorithm.roundSize(0, state)).toBeGreaterThanOrEqual(1);
    });
  });
}
