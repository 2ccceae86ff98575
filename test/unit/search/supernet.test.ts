import { describe, expect, test } from "@jest/globals";
import { networkHash } from "../../../network/canonical.ts";
import { entropy, mode } from "../../../coordinator/search/distribution.ts";
import {
  createSearch,
  decodeSnapshot,
  encodeSnapshot,
  type JobState,
  type Search,
} from "../../../coordinator/search/job.ts";
import type { Measurement } from "../../../network/measurement.ts";
import { searchContext, SearchSpecError } from "../../../coordinator/search/context.ts";
import type { Command, Event, PlannedTrial, SearchResult } from "../../../coordinator/search/types.ts";
import { failed, runSearch, type Evaluation, type SearchRun } from "../../support/search-driver.ts";
import { macroTable, testSpec } from "../../support/search-spaces.ts";
import { supernetSpace as space, supernetSpec, trained } from "../../support/search-supernet.ts";

function resultOf({ outcome }: SearchRun): SearchResult {
  if (outcome.type !== "succeeded") throw new Error("The search did not succeed.");
  return outcome.result;
}

function measurementOf(outcome: Evaluation): Measurement {
  if (outcome.type !== "completed") throw new Error(`The trial ended ${outcome.type}.`);
  return outcome.measurement;
}

/** A search whose events the test sends. */
class Hand {
  readonly search: Search;
  readonly trials: PlannedTrial[] = [];
  state: JobState;

  constructor(changes: Parameters<typeof supernetSpec>[0] = {}) {
    this.search = createSearch(supernetSpec(changes), space);
    this.state = this.search.init(7);
    this.send({ type: "jobStarted", atMs: 0 });
  }

  send(event: Event): readonly Command[] {
    const [state, commands] = this.search.step(this.state, event);
    this.state = state;
    for (const command of commands) if (command.type === "createTrials") this.trials.push(...command.trials);
    return commands;
  }

  merged(version: number): readonly Command[] {
    return this.send({ type: "weightsMerged", version });
  }

  end(trial: PlannedTrial): readonly Command[] {
    const outcome = trained(trial);
    if (outcome.type !== "completed") throw new Error("It failed.");
    return this.send({ type: "trialCompleted", trial: trial.trial, measurement: outcome.measurement });
  }
}

const types = (commands: readonly Command[]) => commands.map(({ type }) => type);

describe("a search over shared weights", () => {
  test("has the first version made before it draws, and draws with every version once", () => {
    const search = createSearch(supernetSpec(), space);
    const [state, commands] = search.step(search.init(7), { type: "jobStarted", atMs: 0 });
    expect(commands).toEqual([{ type: "mergeWeights", round: 0, updates: [] }]);
    expect(search.step(state, { type: "weightsMerged", version: 2 })).toEqual([state, []]);
    const [drawn, creation] = search.step(state, { type: "weightsMerged", version: 1 });
    expect(types(creation)).toEqual(["createTrials"]);
    expect(search.step(drawn, { type: "weightsMerged", version: 1 })).toEqual([drawn, []]);
  });

  test("makes every draw a trial with the weights' names, which no other draw's hash equals", () => {
    const hand = new Hand();
    hand.merged(1);
    for (const { round, network, arms, hash } of hand.trials) {
      expect(round).toBe(1);
      expect(network).toEqual(space.supernet!().decode(arms));
      expect(hash).not.toBe(networkHash(space.decode(arms)));
    }
    const quick = supernetSpec({ settings: { learningRate: 1 }, budget: { trials: 400, wallMs: null } });
    const run = runSearch(createSearch(quick, space), 7, trained);
    const search = run.trials.filter(({ role }) => role === "search");
    expect(search).toHaveLength(400);
    expect(new Set(search.map(({ hash }) => hash)).size).toBe(400);
    expect(new Set(search.map(({ arms }) => arms.join())).size).toBeLessThan(400);
  });

  test("merges a round's updates in the order of its trials by the softmax of their train log-likelihoods", () => {
    const hand = new Hand();
    hand.merged(1);
    const [first, ...others] = hand.trials;
    for (const trial of others) expect(hand.end(trial)).toEqual([]);
    const commands = hand.end(first!);
    expect(types(commands)).toEqual(["closeRound", "mergeWeights"]);
    const powers = hand.trials.map((trial) => {
      const outcome = trained(trial);
      return outcome.type === "completed" ? Math.exp(-outcome.measurement.trainLoss!) : 0;
    });
    const sum = powers.reduce((total, power) => total + power, 0);
    const merge = commands[1] as Extract<Command, { type: "mergeWeights" }>;
    expect(merge.round).toBe(1);
    expect(merge.updates.map(({ sha256 }) => Number.parseInt(sha256, 16))).toEqual(
      hand.trials.map(({ trial }) => trial),
    );
    merge.updates.forEach(({ weight }, place) => expect(weight).toBeCloseTo(powers[place]! / sum, 12));
    expect(hand.state.merging).toMatchObject({ round: 1, updates: merge.updates, isDone: false });
    const before = hand.trials.length;
    hand.merged(2);
    expect(hand.trials.slice(before).every(({ round }) => round === 2)).toBe(true);
  });

  test("merges all alike where the spec says so, and failed draws not at all", () => {
    const hand = new Hand({ supernet: { merge: "equal", staleness: 1 } });
    hand.merged(1);
    const [first, ...others] = hand.trials;
    hand.send({ type: "trialFailed", trial: first!.trial, reason: "nan_loss" });
    const commands = others.flatMap((trial) => hand.end(trial));
    const merge = commands.at(-1) as Extract<Command, { type: "mergeWeights" }>;
    expect(merge.updates.map(({ weight }) => weight)).toEqual(others.map(() => 1 / others.length));
  });

  test("makes a version also of a round in which nothing was trained", () => {
    const hand = new Hand();
    hand.merged(1);
    const commands = hand.trials.flatMap(({ trial }) => hand.send({ type: "trialFailed", trial, reason: "lost" }));
    expect(commands.at(-1)).toEqual({ type: "mergeWeights", round: 1, updates: [] });
  });

  test("learns in its warm-up nothing but weights", () => {
    const entropies: number[] = [];
    const context = searchContext(supernetSpec(), space);
    runSearch(createSearch(supernetSpec(), space), 7, trained, {
      between: (state, commands) => {
        const closed = commands.some(({ type }) => type === "closeRound");
        if (closed) entropies.push(entropy(context.algorithm.distribution(state.algorithm)));
        return state;
      },
    });
    expect(entropies[1]).toBe(entropies[0]);
    expect(entropies[2]).not.toBe(entropies[1]);
  });

  test("waits through a pause with the merge, and cancels what is under way with the job", () => {
    const hand = new Hand();
    hand.send({ type: "jobPaused" });
    expect(hand.merged(1)).toEqual([]);
    expect(types(hand.send({ type: "jobResumed" }))).toEqual(["createTrials"]);
    expect(types(hand.send({ type: "jobCancelled" }))).toEqual(["cancelTrials", "finishJob"]);
    expect(hand.state).toMatchObject({ phase: "ended", merging: null });
  });

  test("ends when its time does, with the weights of what had ended merged", () => {
    const hand = new Hand({ budget: { trials: 60, wallMs: 1000 } });
    hand.merged(1);
    hand.end(hand.trials[0]!);
    const commands = hand.send({ type: "clockAdvanced", atMs: 1000 });
    expect(types(commands)).toEqual(["cancelTrials", "closeRound", "mergeWeights"]);
    expect((commands[2] as Extract<Command, { type: "mergeWeights" }>).updates).toHaveLength(1);
    hand.merged(2);
    expect(hand.trials.at(-1)).toMatchObject({ role: "finalist", round: 2 });
  });

  test("does the same whatever the order of arrival, and after a round trip of its state at every step", () => {
    const spec = supernetSpec();
    const plain = runSearch(createSearch(spec, space), 7, trained);
    const other = runSearch(createSearch(spec, space), 7, trained, {
      order: (open) => open.at(-1)!,
      between: (state) => decodeSnapshot(encodeSnapshot(state)),
    });
    expect(other.state).toEqual(plain.state);
    expect(other.merges).toEqual(plain.merges);
    expect(other.outcome).toEqual(plain.outcome);
  });
});

describe("finalists", () => {
  const cost = { macs: 1.5e6, beta: 0.3 };

  test("are the mode and other draws, those that exceed the targets least, by the last version", () => {
    const run = runSearch(createSearch(supernetSpec({ cost }), space), 7, trained);
    const result = resultOf(run);
    const finalists = run.trials.filter(({ role }) => role === "finalist");
    expect(finalists).toHaveLength(8);
    const context = searchContext(supernetSpec({ cost }), space);
    expect(finalists[0]!.arms).toEqual(mode(context.algorithm.distribution(run.state.algorithm)));
    expect(new Set(finalists.map(({ hash }) => hash)).size).toBe(8);
    expect(finalists.every(({ round }) => round === run.rounds.length + 1)).toBe(true);
    expect(finalists.slice(1).every(({ macs }) => macs! <= cost.macs)).toBe(true);
    expect(finalists.map(({ trial }) => trial)).toEqual([61, 62, 63, 64, 65, 66, 67, 68]);
    expect(result.supernet).toMatchObject({ version: run.rounds.length + 1, stale: 0 });
    expect(result.supernet!.finalists.map(({ trial }) => trial)).toEqual(finalists.map(({ trial }) => trial));
    expect(result).toMatchObject({ trials: 60, draws: 60, uniqueNetworks: null });
    const feasible = result.supernet!.finalists.filter(({ arms }) => space.cost(arms)!.macs! <= cost.macs);
    const losses = feasible.map(({ outcome }) => (outcome.type === "completed" ? outcome.measurement.loss! : Infinity));
    expect(result.answer.measurement.loss).toBe(Math.min(...losses));
    expect(result.pareto.every(({ trial }) => trial > 60)).toBe(true);
  });

  test("are compared by their log-likelihoods: the most accurate is observed, and not the answer", () => {
    const run = runSearch(createSearch(supernetSpec(), space), 7, (trial) => {
      const { loss = NaN, ...measurement } = measurementOf(trained(trial));
      const accuracy = trial.role === "finalist" ? loss / 10 : measurement.accuracy;
      return { type: "completed", measurement: { ...measurement, accuracy, loss } };
    });
    const { answer, bestObserved, supernet } = resultOf(run);
    const losses = supernet!.finalists.map(({ outcome }) => measurementOf(outcome).loss!);
    expect(answer.measurement.loss).toBe(Math.min(...losses));
    expect(bestObserved.measurement.loss).toBe(Math.max(...losses));
    const unknown = runSearch(createSearch(supernetSpec(), space), 7, (trial) => {
      const { loss, ...measurement } = measurementOf(trained(trial));
      return {
        type: "completed",
        measurement:
          trial.trial === answer.trial ? measurement : { ...measurement, ...(loss !== undefined && { loss }) },
      };
    });
    expect(resultOf(unknown).answer.trial).not.toBe(answer.trial);
  });

  test("leave the answer to the search where none of them can be scored", () => {
    const run = runSearch(createSearch(supernetSpec(), space), 7, (trial) =>
      trial.role === "finalist" ? failed("internal") : trained(trial),
    );
    expect(resultOf(run).answer.trial).toBeLessThanOrEqual(60);
  });

  test("come before the final training, whose networks have weights of their own", () => {
    const run = runSearch(createSearch(supernetSpec({ final: { random: 1, largest: false } }), space), 7, trained);
    const last = run.trials.slice(60);
    expect(last.slice(8).map(({ trial, role }) => [trial, role])).toEqual([
      [69, "finalAnswer"],
      [70, "finalRandom"],
    ]);
    expect(last[8]!.network).toEqual(space.decode(resultOf(run).answer.arms));
  });
});

describe("an asynchronous stage over shared weights", () => {
  const asynchronous = { updateAfter: 2, inFlight: 6 };
  const stages = [{ name: "all", slots: "factorized", until: {}, asynchronous }] as const;

  test("counts outcomes that come during a merge, and opens the next round with as many new draws", () => {
    const hand = new Hand({ stages });
    hand.merged(1);
    expect(hand.trials).toHaveLength(6);
    hand.end(hand.trials[0]!);
    expect(types(hand.end(hand.trials[1]!))).toEqual(["closeRound", "mergeWeights"]);
    expect(hand.end(hand.trials[2]!)).toEqual([]);
    expect(hand.search.progress(hand.state).trialsEnded).toBe(3);
    hand.merged(2);
    expect(hand.trials).toHaveLength(9);
    expect(types(hand.end(hand.trials[3]!))).toEqual(["closeRound", "mergeWeights"]);
  });

  test("drops what is more rounds late than allowed, and counts it", () => {
    const hand = new Hand({ stages });
    hand.merged(1);
    const late = hand.trials[5]!;
    for (const [round, [first, second]] of [
      [0, 1],
      [2, 3],
    ].entries()) {
      hand.end(hand.trials[first!]!);
      hand.end(hand.trials[second!]!);
      hand.merged(round + 2);
    }
    // Round 3: what round 1 drew is two rounds old, and one may be.
    hand.end(late);
    const commands = hand.end(hand.trials[6]!);
    const merge = commands.at(-1) as Extract<Command, { type: "mergeWeights" }>;
    expect(merge.updates.map(({ sha256 }) => Number.parseInt(sha256, 16))).toEqual([hand.trials[6]!.trial]);
    expect(hand.state).toMatchObject({ stale: 1, draws: 5 });
    const run = runSearch(createSearch(supernetSpec({ stages }), space), 7, trained, {
      order: (open) => open.at(-1)!,
    });
    const { supernet, draws } = resultOf(run);
    expect(supernet!.stale).toBeGreaterThan(0);
    expect(draws + supernet!.stale).toBe(60);
  });
});

describe("what cannot be is refused:", () => {
  const mistakesOf = (...[spec, where]: Parameters<typeof createSearch>) => {
    try {
      createSearch(spec, where);
    } catch (error) {
      if (error instanceof SearchSpecError) return error.mistakes.map(({ path, message }) => `${path}: ${message}`);
    }
    return [];
  };

  test("a space without shared weights", () => {
    expect(mistakesOf(supernetSpec(), macroTable().space)).toEqual([
      "space: nas-bench-macro has no networks that could share weights.",
    ]);
  });

  test("an algorithm that models what does not change", () => {
    const algorithm = { name: "fp-nas-plus", settings: {} };
    expect(mistakesOf({ ...supernetSpec(), algorithm }, space)).toEqual([
      expect.stringMatching(/^algorithm.name: must be fp-nas, parsec, reinforce or random with evaluator.supernet/),
    ]);
  });

  test("a warm-up of nothing", () => {
    const { stages } = supernetSpec();
    expect(mistakesOf(testSpec("fp-nas", { stages }), space)).toEqual([
      expect.stringMatching(/^stages\[0\].weightsOnly: must be left out/),
    ]);
  });
});
