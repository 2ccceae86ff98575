import { describe, expect, test } from "@jest/globals";
import {
  createSearch,
  describePlan,
  SearchSpecError,
  type JobState,
  type Search,
} from "../../../coordinator/search/job.ts";
import type { Command, Event, KnownTrial } from "../../../coordinator/search/types.ts";
import { measured, runSearch } from "../../support/search-driver.ts";
import { testSpace, testSpec } from "../../support/search-spaces.ts";

/** So wide that no network is drawn twice. */
const wide = testSpace([{ arms: 5000 }, { arms: 5000 }]);
const narrow = testSpace([{ arms: 3 }, { arms: 2 }]);
const evaluate = ({ arms }: { readonly arms: readonly number[] }) => measured(0.5 + arms[0]! / 20_000);

const stagesOf = (updateAfter: number, inFlight: number, until = {}) =>
  [{ name: "only", slots: "factorized", until, asynchronous: { updateAfter, inFlight } }] as const;

function completed(trial: number, accuracy = 0.5): Event {
  return { type: "trialCompleted", trial, measurement: { accuracy, steps: 0, extra: {} } };
}

/** Sends an event, and answers each lookup with what is known of the networks. */
function play(
  search: Search,
  from: JobState,
  event: Event,
  known: (hashes: readonly string[]) => readonly (KnownTrial | null)[] = (hashes) => hashes.map(() => null),
): readonly [JobState, readonly Command[]] {
  let [state, commands] = search.step(from, event);
  const all: Command[] = [];
  for (;;) {
    const lookup = commands.find(({ type }) => type === "lookupNetworks");
    all.push(...commands.filter((command) => command !== lookup));
    if (lookup?.type !== "lookupNetworks") return [state, all];
    [state, commands] = search.step(state, { type: "networksResolved", known: known(lookup.hashes) });
  }
}

function open({ round }: JobState): readonly number[] {
  return (round?.networks ?? []).flatMap(({ trial, outcome }) => (trial !== null && outcome === null ? [trial] : []));
}

describe("an asynchronous stage", () => {
  test("that waits for all of its draws is a synchronous one", () => {
    const until = { rounds: 5 };
    const budget = { trials: 80, wallMs: null };
    for (const name of ["parsec", "random"]) {
      const synchronous = testSpec(name, { budget, stages: [{ name: "only", slots: "factorized", until }] });
      const asynchronous = { ...synchronous, stages: stagesOf(16, 16, until) };
      const [one, other] = [synchronous, asynchronous].map((spec) => runSearch(createSearch(spec, wide), 3, evaluate));
      expect(other).toEqual(one);
      expect(one!.rounds.map(({ draws }) => draws)).toEqual([16, 16, 16, 16, 16]);
    }
  });

  test("makes an update when enough draws have ended, and draws as many new networks beside the others", () => {
    const search = createSearch(testSpec("random", { stages: stagesOf(3, 10) }), wide);
    let [state] = play(search, search.init(1), { type: "jobStarted", atMs: 0 });
    expect(open(state)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const trial of [9, 4]) {
      const [next, commands] = play(search, state, completed(trial));
      expect(commands).toEqual([]);
      state = next;
    }
    const [next, commands] = play(search, state, completed(7));
    expect(commands.map(({ type }) => type)).toEqual(["closeRound", "createTrials"]);
    expect(commands[0]).toMatchObject({ summary: { round: 1, draws: 3, newTrials: 10 } });
    expect(open(next)).toEqual([1, 2, 3, 5, 6, 8, 10, 11, 12, 13]);
    expect(next.round).toMatchObject({ number: 2, carried: 7, newTrials: 3 });
    expect(search.progress(next)).toMatchObject({ rounds: 1, draws: 3, roundDraws: 10, trialsEnded: 3 });
  });

  test("takes networks that are known as ended at once", () => {
    const search = createSearch(testSpec("random", { stages: stagesOf(3, 10) }), wide);
    const measurement = { accuracy: 0.5, steps: 0, extra: {} };
    let lookups = 0;
    const [state, commands] = play(search, search.init(1), { type: "jobStarted", atMs: 0 }, (hashes) => {
      lookups += 1;
      return hashes.map((_, index) =>
        lookups === 1 && index < 3 ? { trial: 100 + index, outcome: { type: "completed", measurement } } : null,
      );
    });
    expect(commands.map(({ type }) => type)).toEqual(["createTrials", "closeRound", "createTrials"]);
    expect(commands[1]).toMatchObject({ summary: { draws: 3, newTrials: 7 } });
    expect(open(state)).toHaveLength(10);
  });

  test("takes in an outcome while a lookup is unanswered, and is cancelled then with all that is under way", () => {
    const search = createSearch(testSpec("random", { stages: stagesOf(1, 4) }), wide);
    const [started] = play(search, search.init(1), { type: "jobStarted", atMs: 0 });
    const [asking, [, lookup]] = search.step(started, completed(2));
    expect(lookup).toMatchObject({ type: "lookupNetworks", hashes: [expect.any(String)] });
    const [early, none] = search.step(asking, completed(3));
    expect(none).toEqual([]);
    expect(open(early)).toEqual([1, 4]);
    expect(search.step(early, { type: "jobCancelled" })[1][0]).toEqual({ type: "cancelTrials", trials: [1, 4] });
    const [, commands] = search.step(early, { type: "networksResolved", known: [null] });
    expect(commands.map(({ type }) => type)).toEqual(["createTrials", "closeRound", "lookupNetworks"]);
  });

  test("asks a distribution that draws nothing new twice for each place, and no more", () => {
    const search = createSearch(
      testSpec("parsec", { settings: { learningRate: 3 }, stages: stagesOf(2, 40, { rounds: 30 }) }),
      narrow,
    );
    const asked: number[] = [];
    const allowed: number[] = [];
    runSearch(search, 1, evaluate, {
      between: (state) => {
        const { round } = state;
        if (round === null || round.number <= asked.length) return state;
        const carried = new Set(round.draws.slice(0, round.carried).map(({ network }) => network)).size;
        asked.push(round.draws.length - round.carried);
        allowed.push(2 * (40 - carried));
        return state;
      },
    });
    // The space has six networks, so that no round finds forty.
    expect(asked.slice(0, 30)).toEqual(allowed.slice(0, 30));
  });

  test("does not count rounds that only wait as rounds without a new network", () => {
    const stages = [...stagesOf(1, 60, { rounds: 1 }), { ...stagesOf(1, 8)[0], name: "fewer" }];
    const search = createSearch(testSpec("random", { stages, budget: { trials: 90, wallMs: null } }), wide);
    const { state } = runSearch(search, 1, evaluate);
    // 51 rounds draw nothing: 59 networks come over where eight have room.
    expect(state.trials).toBe(90);
    expect(state.endedStages[1]).toMatchObject({ name: "fewer", trials: 30, draws: 89 });
  });

  test("of which an update could not learn is refused with the setting's path", () => {
    for (const [name, least] of [
      ["fp-nas", 2],
      ["parsec", 2],
      ["reinforce", 1],
      ["fp-nas-plus", 1],
    ] as const) {
      const create = (updateAfter: number) => createSearch(testSpec(name, { stages: stagesOf(updateAfter, 64) }), wide);
      expect(() => create(least)).not.toThrow();
      if (least === 1) continue;
      expect(() => create(1)).toThrow(SearchSpecError);
      expect(() => create(1)).toThrow(/stages\[0\]\.updateAfter.*2 draws/);
    }
  });

  test("is planned with the networks that it keeps under way", () => {
    const budget = { trials: 200, wallMs: null };
    const plan = describePlan(testSpec("fp-nas-archive", { stages: stagesOf(4, 32), budget }), wide);
    expect(plan.stages).toMatchObject([{ asynchronous: { updateAfter: 4, inFlight: 32 }, firstDraws: 32 }]);
    expect(plan).toMatchObject({ expectedTrials: 200, expectedDraws: 200 });
    expect(describePlan(testSpec("random"), narrow).stages).toMatchObject([{ asynchronous: null, firstDraws: 16 }]);
  });
});
