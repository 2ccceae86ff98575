import { describe, expect, test } from "@jest/globals";
import type { AlgorithmEntry } from "../../coordinator/search/algorithm/algorithm.ts";
import { createSearch, decodeSnapshot, encodeSnapshot, type JobState } from "../../coordinator/search/job.ts";
import { namedStream } from "../../coordinator/search/rng.ts";
import type { Event, SearchSpec } from "../../coordinator/search/types.ts";
import { failed, measured, runSearch, type Evaluation, type SearchRun } from "./search-driver.ts";
import { testSpace, testSpec, type TestChoice } from "./search-spaces.ts";

const choices: readonly TestChoice[] = [2, 3, 4, 2, 3, 4].map((arms, index) => ({
  arms,
  block: index < 3 ? "front" : "back",
}));
const space = testSpace(choices);
const inFlight = 12;
const stages = [
  {
    name: "coarse",
    slots: "factorized",
    until: { entropyBelow: 0.5, rounds: 9 },
    asynchronous: { updateAfter: 4, inFlight },
  },
  { name: "fine", slots: "block", until: {}, asynchronous: { updateAfter: 2, inFlight } },
] as const;
const budget = { trials: 60, wallMs: null };

const evaluate = ({ arms }: { readonly arms: readonly number[] }): Evaluation =>
  measured(0.5 + arms.reduce((sum, arm, index) => sum + arm * (index + 1), 0) / 100);

/** Algorithms that never draw a network twice, as long as there are others. */
const drawsOnce: ReadonlySet<string> = new Set(["fp-nas-archive", "fp-nas-plus", "local-search"]);

/** Ends a random open trial next, from a seed. */
function shuffled(seed: number): (open: readonly number[]) => number {
  let turn = 0;
  return (open) => open[Math.floor(namedStream(seed, `order/${turn++}`).uniform() * open.length)]!;
}

/** How a run went: how many trials had ended when each round closed, and which they were. */
interface Course {
  readonly run: SearchRun;
  readonly ended: readonly number[];
  readonly closings: ReadonlySet<number>;
}

function follow(spec: SearchSpec, order: (open: readonly number[]) => number): Course {
  const ended: number[] = [];
  const closings = new Set<number>();
  const run = runSearch(createSearch(spec, space), 7, evaluate, {
    order: (open) => {
      const trial = order(open);
      ended.push(trial);
      return trial;
    },
    between: (state, commands) => {
      if (commands.some(({ type }) => type === "closeRound")) closings.add(ended.length);
      return state;
    },
  });
  return { run, ended, closings };
}

/** The same trials for every update, in another order, all held back by a pause until the last has come. */
function replayBackwards(spec: SearchSpec, { ended, closings }: Course): SearchRun {
  const order: number[] = [];
  let start = 0;
  for (const closing of closings) {
    order.push(...ended.slice(start, closing).reverse());
    start = closing;
  }
  let turn = 0;
  return runSearch(createSearch(spec, space), 7, evaluate, {
    order: () => order[turn++]!,
    interrupt: (count): Event[] => [
      ...(closings.has(count) ? [{ type: "jobResumed" } as const] : []),
      { type: "jobPaused" },
    ],
  });
}

/** What every search algorithm must keep in stages that do not wait for whole rounds. */
export function describeAsynchronousStages(entry: AlgorithmEntry): void {
  const spec = testSpec(entry.name, { stages, budget });
  const search = createSearch(spec, space);

  describe(`search algorithm ${entry.name} in asynchronous stages`, () => {
    test("gives the same state for the same trials in each update, whatever the order within", () => {
      for (const seed of [1, 2, 3]) {
        const course = follow(spec, shuffled(seed));
        const replayed = replayBackwards(spec, course);
        expect(encodeSnapshot(replayed.state)).toBe(encodeSnapshot(course.run.state));
        expect(replayed).toEqual(course.run);
      }
    });

    test("keeps its state as JSON, bit for bit, after every step", () => {
      const between = (state: JobState): JobState => {
        const back = decodeSnapshot(encodeSnapshot(state));
        expect(back).toStrictEqual(state);
        return back;
      };
      expect(runSearch(search, 7, evaluate, { order: shuffled(4), between })).toEqual(
        runSearch(search, 7, evaluate, { order: shuffled(4) }),
      );
    });

    test("never passes the trial budget, evaluates no network twice and learns from every one", () => {
      const { run } = follow(spec, shuffled(5));
      expect(run.outcome.type).toBe("succeeded");
      const made = run.trials.length;
      expect(made).toBeLessThanOrEqual(budget.trials);
      // Nothing but a distribution that draws no new networks ends the search before.
      if (made < budget.trials) expect(search.progress(run.state).entropy).toBeLessThan(0.05 * run.state.entropyStart);
      expect(new Set(run.trials.map(({ hash }) => hash)).size).toBe(made);
      expect(run.cancelled).toEqual([]);
      expect(run.state).toMatchObject({ trials: made, measured: made, round: null });
      expect(run.rounds.reduce((sum, { draws }) => sum + draws, 0)).toBe(run.state.draws);
      expect(run.rounds.reduce((sum, { newTrials }) => sum + newTrials, 0)).toBe(made);
      expect(run.state.draws).toBeGreaterThanOrEqual(made);
      expect(run.rounds.length).toBeGreaterThan(made / inFlight);
      const [coarse, fine] = run.state.endedStages;
      expect(coarse!.draws + fine!.draws).toBe(run.state.draws);
      expect(coarse!.trials + fine!.trials).toBe(made);
    });

    test("tops up what is under way, and draws nothing under way where it promises so", () => {
      const openings: JobState[] = [];
      runSearch(search, 7, evaluate, {
        order: shuffled(6),
        between: (state, commands) => {
          if (commands.some(({ type }) => type === "createTrials")) openings.push(state);
          return state;
        },
      });
      for (const { round, trials } of openings) {
        const { draws, networks } = round!;
        expect(networks.length).toBeLessThanOrEqual(inFlight);
        expect(new Set(networks.map(({ hash }) => hash)).size).toBe(networks.length);
        if (!drawsOnce.has(entry.name)) continue;
        expect(draws).toHaveLength(networks.length);
        if (trials < budget.trials) expect(networks).toHaveLength(inFlight);
      }
      expect(openings.length).toBeGreaterThan(5);
    });

    test("survives failing trials", () => {
      const flaky = ({ trial, arms }: { readonly trial: number; readonly arms: readonly number[] }): Evaluation =>
        trial % 3 === 0 ? failed("out_of_memory") : evaluate({ arms });
      const { outcome, state, trials } = runSearch(search, 7, flaky, { order: shuffled(7) });
      expect(outcome.type).toBe("succeeded");
      expect(state.failures.out_of_memory).toBe(Math.floor(trials.length / 3));
      expect(state.answer!.trial % 3).not.toBe(0);
    });

    test("fails the job, and cancels what is under way, where nothing but failures comes", () => {
      const { outcome, trials, cancelled, state } = runSearch(search, 7, () => failed("nan_loss"));
      expect(outcome).toMatchObject({ type: "failed", error: expect.stringContaining("nan_loss") });
      expect(state.failures.nan_loss + cancelled.length).toBe(trials.length);
      expect(state.failures.nan_loss).toBeLessThanOrEqual(2 * inFlight + 4);
    });

    test("cancels what is under way when its time is up, and learns from the rest", () => {
      const timed = createSearch({ ...spec, budget: { trials: 60, wallMs: 1000 } }, space);
      const { outcome, trials, cancelled, state } = runSearch(timed, 7, evaluate, {
        interrupt: (ended): Event[] => (ended === 21 ? [{ type: "clockAdvanced", atMs: 1000 }] : []),
      });
      expect(outcome.type).toBe("succeeded");
      expect(state.measured).toBe(21);
      expect(cancelled).toHaveLength(trials.length - 21);
      expect(cancelled.length).toBeGreaterThan(0);
    });

    test("takes what is under way over into a synchronous stage, whose first round waits for it", () => {
      const mixed = [
        { ...stages[0], until: { rounds: 1 } },
        { name: "fine", slots: "block", until: {} },
      ] as const;
      const opening: JobState[] = [];
      const { rounds, cancelled, state, trials } = runSearch(
        createSearch({ ...spec, stages: mixed }, space),
        7,
        evaluate,
        {
          between: (next) => {
            if (next.rounds === 1 && next.round?.resolved === true) opening.push(next);
            return next;
          },
        },
      );
      expect(opening[0]!.round!.carried).toBeGreaterThanOrEqual(inFlight - 4);
      expect(rounds[0]).toMatchObject({ stage: "coarse", draws: opening[0]!.draws });
      expect(rounds[1]!.draws).toBe(opening[0]!.round!.draws.length);
      expect([cancelled, state.measured]).toEqual([[], trials.length]);
    });

    test("ends in a space of one network, and in one that it has seen whole", () => {
      for (const small of [testSpace([{ arms: 1 }]), testSpace([{ arms: 2 }, { arms: 2 }])]) {
        const run = runSearch(createSearch(spec, small), 7, evaluate, { order: shuffled(8) });
        expect(run.outcome).toMatchObject({ type: "succeeded", result: { trials: run.trials.length } });
        expect(new Set(run.trials.map(({ hash }) => hash)).size).toBe(run.trials.length);
      }
    });

    test("searches a choice of 10,000 arms", () => {
      const wide = testSpace([{ arms: 10_000 }, { arms: 2 }]);
      const run = runSearch(createSearch(spec, wide), 7, ({ arms }) => measured(arms[0]! / 10_000));
      expect(run.outcome).toMatchObject({ type: "succeeded", result: { trials: 60 } });
      expect(run.state.answer!.measurement.accuracy).toBeGreaterThan(0.9);
    });
  });
}
