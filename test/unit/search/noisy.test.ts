import { describe, expect, test } from "@jest/globals";
import { createSearch, decodeSnapshot, encodeSnapshot } from "../../../coordinator/search/job.ts";
import { namedStream } from "../../../coordinator/search/rng.ts";
import { normalQuantile } from "../../../coordinator/search/surrogate/normal-scores.ts";
import type { CostSpec, SearchResult } from "../../../coordinator/search/types.ts";
import { measured, runSearch, type DriverOptions } from "../../support/search-driver.ts";
import { allSamples, testSpace, testSpec } from "../../support/search-spaces.ts";

const space = testSpace(
  Array.from({ length: 6 }, () => ({ arms: 3 })),
  (arms) => 100 + arms.reduce((sum, arm) => sum + arm, 0),
);
// Additive, with a share of its own for each arm: a spread of 0.03, as much as the noise of a training.
const stream = namedStream(1, "shares");
const shares = space.choices.map(({ arms }) => arms.map(() => 0.03 * stream.uniform()));
const worth = (arms: readonly number[]) => arms.reduce((sum, arm, choice) => sum + shares[choice]![arm]!, 0.5);
const best = Math.max(...allSamples(space).map(worth));
const noise = 0.03;

function observe(seed: number, arms: readonly number[]): number {
  return worth(arms) + noise * normalQuantile(namedStream(seed, `noise/${arms.join()}`).uniform());
}

interface Changes {
  readonly noisy?: boolean;
  readonly algorithm?: string;
  readonly cost?: CostSpec | null;
  readonly options?: DriverOptions;
}

const finals = { random: 0, largest: false };
function searchOf({ noisy = true, algorithm = "fp-nas-plus", cost = null }: Changes) {
  // A small pool: a hundred searches are to take seconds.
  const settings = algorithm === "fp-nas-plus" ? { pool: 60, refit: 16 } : {};
  const budget = { trials: 40, wallMs: null };
  return createSearch(testSpec(algorithm, { noisy, cost, settings, final: finals, budget }), space);
}

function find(seed: number, changes: Changes = {}): SearchResult {
  const run = runSearch(searchOf(changes), seed, ({ arms }) => measured(observe(seed, arms)), changes.options);
  if (run.outcome.type !== "succeeded") throw new Error(run.outcome.type);
  return run.outcome.result;
}

describe("the answer of a job with noisy rewards", () => {
  test("is truly better than the best observed network, on the mean of 100 seeds", () => {
    let answered = 0;
    let observed = 0;
    for (let seed = 0; seed < 100; seed++) {
      const { answer, bestObserved } = find(seed);
      answered += (best - worth(answer.arms)) / 100;
      observed += (best - worth(bestObserved.arms)) / 100;
    }
    expect(answered).toBeLessThan(0.8 * observed);
  });

  test("comes with its own trial and what that observed, and is what final training trains", () => {
    for (let seed = 0; seed < 5; seed++) {
      const {
        answer,
        finals: [final],
      } = find(seed);
      expect(answer.measurement.accuracy).toBe(observe(seed, answer.arms));
      expect(final).toMatchObject({ role: "finalAnswer", arms: answer.arms });
    }
  });

  test("is the best observed where rewards are exact, and of algorithms that recommend nothing", () => {
    const other = Array.from({ length: 5 }, (_, seed) => find(seed)).filter(
      ({ answer, bestObserved }) => answer.trial !== bestObserved.trial,
    );
    expect(other.length).toBeGreaterThan(0);
    for (let seed = 0; seed < 5; seed++) {
      for (const changes of [{ noisy: false }, { algorithm: "fp-nas" }, { algorithm: "random" }]) {
        const { answer, bestObserved } = find(seed, changes);
        expect(answer).toEqual(bestObserved);
      }
    }
  });

  test("meets the cost target where an evaluated network does, else misses it the least", () => {
    for (let seed = 0; seed < 10; seed++) {
      expect(space.cost(find(seed, { cost: { macs: 105, beta: 0.3 } }).answer.arms)?.macs).toBeLessThanOrEqual(105);
      const { answer, pareto } = find(seed, { cost: { macs: 50, beta: 0.3 } });
      expect(space.cost(answer.arms)?.macs).toBe(pareto[0]?.macs);
    }
  });

  test("is the same however often the state is stored and read, and through a pause at any moment", () => {
    const plain = find(3);
    const stored = find(3, { options: { between: (state) => decodeSnapshot(encodeSnapshot(state)) } });
    expect(stored).toEqual(plain);
    for (const moment of [0, 7, 39, 40]) {
      const interrupt = (ended: number) => (ended === moment ? [{ type: "jobPaused" } as const] : []);
      const paused = find(3, { options: { interrupt, whenIdle: [{ type: "jobResumed" }] } });
      expect(paused).toEqual(plain);
    }
  });

  test("waits for the lookup of its trial: unknown, it is the best observed; a cancellation ends the job", () => {
    const search = searchOf({});
    let ahead: ReturnType<typeof search.init> | undefined;
    runSearch(search, 3, ({ arms }) => measured(observe(3, arms)), {
      between: (state) => {
        if (state.phase === "answering") ahead = state;
        return state;
      },
    });
    if (ahead === undefined) throw new Error("The search never looked its answer up.");
    expect(search.progress(ahead).stage).toBe("only");
    expect(search.step(ahead, { type: "networksResolved", known: [] })).toEqual([ahead, []]);
    const failed = { trial: 5, outcome: { type: "failed", reason: "lost" } } as const;
    for (const known of [null, failed]) {
      const [after] = search.step(ahead, { type: "networksResolved", known: [known] });
      expect(after).toMatchObject({ phase: "training", recommended: null, answer: ahead.answer });
    }
    const [, commands] = search.step(ahead, { type: "jobCancelled" });
    expect(commands).toEqual([{ type: "finishJob", outcome: { type: "cancelled" } }]);
  });
});
