import { describe, expect, test } from "@jest/globals";
import { createSearch, type JobState, type Search } from "../../../coordinator/search/job.ts";
import type { Command, Event, PlannedTrial, SearchResult } from "../../../coordinator/search/types.ts";
import { failed, measured, runSearch, type SearchRun } from "../../support/search-driver.ts";
import { testSpace, testSpec } from "../../support/search-spaces.ts";

const space = testSpace(
  [4, 4, 4, 4].map((arms, index) => ({ arms, block: index < 2 ? "a" : "b" })),
  (arms) => 10 + arms.reduce((sum, arm) => sum + arm, 0),
);
const evaluate = ({ arms }: { readonly arms: readonly number[] }) =>
  measured(0.5 + arms.reduce((sum, arm) => sum + arm, 0) / 50);

function resultOf({ outcome }: SearchRun): SearchResult {
  if (outcome.type !== "succeeded") throw new Error(`The search ended ${outcome.type}.`);
  return outcome.result;
}

/** Sends events one by one, answering lookups with "none known"; returns the last state and all commands but lookups. */
function play(search: Search, from: JobState, events: readonly Event[]): readonly [JobState, Command[]] {
  let state = from;
  const all: Command[] = [];
  const queue = [...events];
  for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
    const [next, commands] = search.step(state, event);
    state = next;
    for (const command of commands) {
      if (command.type === "lookupNetworks")
        queue.unshift({ type: "networksResolved", known: command.hashes.map(() => null) });
      else all.push(command);
    }
  }
  return [state, all];
}

function created(commands: readonly Command[]): readonly PlannedTrial[] {
  return commands.flatMap((command) => (command.type === "createTrials" ? command.trials : []));
}

const started: Event = { type: "jobStarted", atMs: 1000 };
const completed = (trial: number, accuracy = 0.5): Event => ({
  type: "trialCompleted",
  trial,
  measurement: { accuracy, steps: 0, extra: {} },
});

describe("a round", () => {
  const search = createSearch(testSpec("fp-nas", { settings: { k0: 6 } }), space);

  test("asks first for the networks it drew, each once, then makes trials of the unknown, numbered in order", () => {
    const [state, [lookup]] = search.step(search.init(1), started);
    if (lookup?.type !== "lookupNetworks") throw new Error("no lookup");
    expect(new Set(lookup.hashes).size).toBe(lookup.hashes.length);
    const known = lookup.hashes.map((_, index) =>
      index === 1
        ? { trial: 41, outcome: { type: "completed", measurement: { accuracy: 0.5, steps: 0, extra: {} } } as const }
        : null,
    );
    const [next, [create]] = search.step(state, { type: "networksResolved", known });
    if (create?.type !== "createTrials") throw new Error("no trials");
    expect(create.trials.map(({ hash }) => hash)).toEqual(lookup.hashes.toSpliced(1, 1));
    expect(create.trials.map(({ trial }) => trial)).toEqual(create.trials.map((_, index) => index + 1));
    expect(create.trials[0]).toMatchObject({
      role: "search",
      round: 1,
      macs: space.cost(create.trials[0]!.arms)?.macs,
    });
    expect(search.progress(next)).toMatchObject({ roundDraws: 6, trialsCreated: create.trials.length, best: null });
  });

  test("waits for a known trial that has not ended", () => {
    const [state, [lookup]] = search.step(search.init(1), started);
    if (lookup?.type !== "lookupNetworks") throw new Error("no lookup");
    const known = lookup.hashes.map((_, index) => ({ trial: 10 + index, outcome: { type: "pending" } as const }));
    const [waiting, none] = search.step(state, { type: "networksResolved", known });
    expect(none).toEqual([]);
    const [closed, commands] = play(
      search,
      waiting,
      lookup.hashes.map((_, index) => completed(10 + index)),
    );
    expect(commands[0]).toMatchObject({ type: "closeRound", summary: { round: 1, newTrials: 0 } });
    expect(closed.rounds).toBe(1);
  });

  test("closes with a summary of the distribution after the update", () => {
    const { rounds, state } = runSearch(search, 1, evaluate);
    rounds.forEach(({ round, marginals }, index) => {
      expect(round).toBe(index + 1);
      expect(marginals).toHaveLength(4);
      for (const row of marginals) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    });
    expect(rounds.at(-1)?.bestAccuracy).toBe(state.answer?.measurement.accuracy);
    expect(rounds.reduce((sum, { draws }) => sum + draws, 0)).toBe(state.draws);
    expect(rounds.reduce((sum, { newTrials }) => sum + newTrials, 0)).toBe(state.trials);
  });

  test("with fewer than two measured draws changes nothing in the distribution", () => {
    const [state, commands] = play(search, search.init(1), [started]);
    const [first, ...others] = created(commands);
    const [after] = play(search, state, [
      completed(first!.trial),
      ...others.map(({ trial }): Event => ({ type: "trialFailed", trial, reason: "lost" })),
    ]);
    expect(after.rounds).toBe(1);
    expect(after.algorithm).toBe(state.algorithm);
    expect(search.progress(after)).toMatchObject({ trialsFailed: others.length, trialsEnded: others.length + 1 });
  });

  test.each([NaN, Infinity, -Number.MAX_VALUE, -1e-9, 1 + 1e-9, 1e308])(
    "treats the accuracy %p, which is no fraction, as an internal failure",
    (accuracy) => {
      const run = runSearch(search, 1, ({ trial, arms }) =>
        trial % 2 === 0 ? measured(accuracy) : evaluate({ arms }),
      );
      expect(run.state.failures.internal).toBe(Math.floor(run.state.trials / 2));
      const apart = runSearch(search, 1, ({ trial, arms }) =>
        trial % 2 === 0 ? failed("internal") : evaluate({ arms }),
      );
      expect(run).toEqual(apart);
    },
  );

  test("takes the accuracies 0 and 1 as they are", () => {
    const { state } = runSearch(search, 1, ({ trial }) => measured(trial % 2));
    expect([state.failures.internal, state.measured]).toEqual([0, state.trials]);
  });
});

describe("the trial budget", () => {
  test("is used up to the last trial and never passed; draws without room are dropped", () => {
    for (const trials of [1, 2, 7, 13]) {
      const run = runSearch(createSearch(testSpec("fp-nas", { budget: { trials, wallMs: null } }), space), 2, evaluate);
      expect(resultOf(run).trials).toBe(trials);
      expect(run.trials).toHaveLength(trials);
      expect(run.rounds.at(-1)!.draws).toBeLessThanOrEqual(24);
    }
  });
});

describe("the wall-clock budget", () => {
  const search = createSearch(testSpec("fp-nas", { budget: { trials: 100, wallMs: 5000 } }), space);
  const [running, commands] = play(search, search.init(1), [started]);
  const trials = created(commands);
  const arrived = trials.slice(0, 3).map(({ trial }) => completed(trial, 0.5 + trial / 100));

  test("cancels what is open, learns from what has arrived, and ends the search", () => {
    const [state, last] = play(search, running, [...arrived, { type: "clockAdvanced", atMs: 6000 }]);
    expect(last.map(({ type }) => type)).toEqual(["cancelTrials", "closeRound", "finishJob"]);
    expect(last[0]).toMatchObject({ trials: trials.slice(3).map(({ trial }) => trial) });
    expect(last[2]).toMatchObject({ outcome: { type: "succeeded", result: { answer: { trial: 3 }, rounds: 1 } } });
    expect(state.algorithm).not.toEqual(running.algorithm);
  });

  test("counts from the start of the job, to the millisecond", () => {
    expect(search.step(running, { type: "clockAdvanced", atMs: 5999 })).toEqual([running, []]);
  });

  test("fails the job where nothing was measured in time", () => {
    const [, last] = play(search, running, [{ type: "clockAdvanced", atMs: 6000 }]);
    expect(last.at(-1)).toMatchObject({
      outcome: { type: "failed", error: expect.stringContaining("before any network") },
    });
  });

  test("waits for the end of a pause", () => {
    const [paused, none] = play(search, running, [
      ...arrived,
      { type: "jobPaused" },
      { type: "clockAdvanced", atMs: 9000 },
    ]);
    expect(none).toEqual([]);
    expect(play(search, paused, [{ type: "jobResumed" }])[1].at(-1)).toMatchObject({ type: "finishJob" });
  });
});

describe("pausing", () => {
  const search = createSearch(testSpec("fp-nas"), space);

  test("takes in outcomes but draws no further round before the job is resumed", () => {
    const [running, commands] = play(search, search.init(1), [started]);
    const outcomes = created(commands).map(({ trial }) => completed(trial));
    const [paused, none] = play(search, running, [{ type: "jobPaused" }, ...outcomes]);
    expect(none).toEqual([]);
    const [resumed, more] = play(search, paused, [{ type: "jobResumed" }]);
    expect(more.map(({ type }) => type)).toEqual(["closeRound", "createTrials"]);
    expect(resumed).toEqual(play(search, running, outcomes)[0]);
  });

  test("before the start holds the first round back", () => {
    const [state, none] = play(search, search.init(1), [{ type: "jobPaused" }, started]);
    expect(none).toEqual([]);
    expect(created(play(search, state, [{ type: "jobResumed" }])[1]).length).toBeGreaterThan(0);
  });
});

describe("cancelling", () => {
  const search = createSearch(
    testSpec("fp-nas", { final: { random: 1, largest: true }, budget: { trials: 5, wallMs: null } }),
    space,
  );

  test("cancels the open trials and ends the job, once", () => {
    const [running, commands] = play(search, search.init(1), [started]);
    const [state, last] = play(search, running, [completed(2), { type: "jobCancelled" }]);
    expect(last).toEqual([
      { type: "cancelTrials", trials: created(commands).flatMap(({ trial }) => (trial === 2 ? [] : [trial])) },
      { type: "finishJob", outcome: { type: "cancelled" } },
    ]);
    expect(search.step(state, { type: "jobCancelled" })).toEqual([state, []]);
    expect(search.progress(state).stage).toBe("");
  });

  test("works before the start and in the final training too", () => {
    expect(search.step(search.init(1), { type: "jobCancelled" })[1]).toEqual([
      { type: "finishJob", outcome: { type: "cancelled" } },
    ]);
    const [training] = play(search, search.init(1), [started, ...[1, 2, 3, 4, 5].map((trial) => completed(trial))]);
    expect(search.progress(training)).toMatchObject({ stage: "final", finalsEnded: 0, finalsTotal: 3 });
    expect(search.step(training, { type: "jobCancelled" })[1]).toEqual([
      { type: "cancelTrials", trials: [6, 7, 8] },
      { type: "finishJob", outcome: { type: "cancelled" } },
    ]);
  });
});

describe("a job in which nothing works", () => {
  test("fails after max(16, 2K) failures, with the most common reason", () => {
    const search = createSearch(
      testSpec("fp-nas", { settings: { k0: 10 }, budget: { trials: 1000, wallMs: null } }),
      space,
    );
    const { outcome, trials } = runSearch(search, 1, ({ trial }) => failed(trial % 4 === 0 ? "lost" : "out_of_memory"));
    expect(outcome).toMatchObject({ type: "failed", error: expect.stringContaining("out_of_memory") });
    expect(trials.length).toBeGreaterThanOrEqual(20);
    expect(trials.length).toBeLessThan(30);
  });

  test("goes on to the end of its budget where networks are infeasible: the next may not be", () => {
    const search = createSearch(testSpec("fp-nas", { budget: { trials: 90, wallMs: null } }), space);
    const found = runSearch(search, 1, ({ trial, arms }) => (trial === 80 ? evaluate({ arms }) : failed("infeasible")));
    expect(resultOf(found)).toMatchObject({ trials: 90, answer: { trial: 80 } });
    const { outcome } = runSearch(search, 1, () => failed("infeasible"));
    expect(outcome).toMatchObject({ type: "failed", error: expect.stringContaining("90 of 90 trials failed") });
  });

  test("goes on where a single network was measured", () => {
    const search = createSearch(testSpec("fp-nas", { budget: { trials: 60, wallMs: null } }), space);
    const run = runSearch(search, 1, ({ trial, arms }) => (trial === 5 ? evaluate({ arms }) : failed("lost")));
    expect(resultOf(run)).toMatchObject({ trials: 60, answer: { trial: 5 }, bestObserved: { trial: 5 } });
  });
});

describe("stages", () => {
  const stages = [
    { name: "coarse", slots: "factorized", until: { entropyBelow: 0.6 } },
    { name: "fine", slots: "block", until: { rounds: 4 } },
  ] as const;
  const run = runSearch(
    createSearch(testSpec("fp-nas", { stages, budget: { trials: 250, wallMs: null } }), space),
    1,
    evaluate,
  );

  test("follow each other; a block stage has a joint slot for each block and the entropy it began with", () => {
    const [coarse, fine] = resultOf(run).stages;
    expect(coarse).toMatchObject({ name: "coarse", entropyStart: run.state.entropyStart });
    expect(coarse!.entropyEnd).toBeLessThanOrEqual(0.6 * coarse!.entropyStart);
    expect(fine).toMatchObject({ name: "fine", rounds: 4, entropyStart: coarse!.entropyEnd });
    expect(coarse!.trials + fine!.trials).toBe(resultOf(run).trials);
    expect(resultOf(run).distribution.map(({ choices }) => choices)).toEqual([
      ["c0", "c1"],
      ["c2", "c3"],
    ]);
    expect(run.rounds.at(-1)?.stage).toBe("fine");
  });

  test("that converge give way to the next, so that every stage is passed", () => {
    const tiny = testSpace([
      { arms: 2, block: "a" },
      { arms: 2, block: "a" },
    ]);
    const patient = [{ ...stages[0], until: { trials: 1000 } }, stages[1]];
    const { outcome } = runSearch(createSearch(testSpec("random", { stages: patient }), tiny), 1, evaluate);
    expect(outcome).toMatchObject({
      result: {
        stages: [
          { name: "coarse", trials: 4 },
          { name: "fine", rounds: 4 },
        ],
      },
    });
  });
});

describe("the cost target", () => {
  test("where no network meets it, the answer is the one that exceeds it least", () => {
    const search = createSearch(
      testSpec("random", { cost: { macs: 5, beta: 0.3 }, budget: { trials: 200, wallMs: null } }),
      space,
    );
    const run = runSearch(search, 1, evaluate);
    const fewest = Math.min(...run.trials.map(({ macs }) => macs!));
    expect(space.cost(resultOf(run).answer.arms)?.macs).toBe(fewest);
    expect(run.rounds.at(-1)?.bestAccuracy).toBeNull();
  });

  test("a network of unknown cost is neither learned from nor the answer", () => {
    const holed = { ...space, cost: (arms: readonly number[]) => (arms[0] === 3 ? undefined : space.cost(arms)) };
    const search = createSearch(testSpec("fp-nas", { cost: { macs: 100, beta: 0.3 } }), holed);
    const run = runSearch(search, 1, evaluate);
    expect(resultOf(run).answer.arms[0]).not.toBe(3);
    expect(run.rounds.at(-1)!.marginals[0]![3]).toBeLessThan(0.3);
    expect(run.trials.some(({ arms, macs }) => arms[0] === 3 && macs === undefined)).toBe(true);
  });
});
