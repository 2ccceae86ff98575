import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { OptunaPeer } from "../../../cli/bench/peers/optuna.ts";
import type { Peer, Suggestion } from "../../../cli/bench/peers/peer.ts";
import { searchWithPeer } from "../../../cli/bench/peers/peer-search.ts";
import { tableProblem } from "../../../cli/bench/table-problem.ts";
import { ladderProblem, ladderTable } from "../../support/bench-problems.ts";
import { useFolder } from "../../support/cli-files.ts";
import { writeFakeOptuna, type FakeOptuna } from "../../support/fake-optuna.ts";

const folder = useFolder();

/** A peer that suggests these networks in turn, the last one again and again, and remembers what it is told. */
class ScriptedPeer implements Peer {
  readonly told: (number | null)[] = [];
  readonly seeds: number[] = [];
  asked = 0;
  readonly #networks: readonly (readonly number[])[];

  constructor(networks: readonly (readonly number[])[]) {
    this.#networks = networks;
  }

  start(seed: number): void {
    this.seeds.push(seed);
  }

  ask(): Promise<Suggestion> {
    const trial = this.asked++;
    return Promise.resolve({ trial, arms: this.#networks[trial] ?? this.#networks.at(-1)!, ms: trial });
  }

  tell(trial: number, reward: number | null): void {
    this.told[trial] = reward;
  }
}

const best = [2, 2, 2, 2, 2, 2];
const bad = [0, 0, 0, 0, 0, 0];
const options = { workers: 1, maxDraws: 5, noise: 0 };

describe("a search with a peer", () => {
  test("counts every suggestion as a draw, repeats included, and shows no mode", async () => {
    const peer = new ScriptedPeer([bad, bad, bad, best]);
    const record = await searchWithPeer(peer, 7, ladderProblem(), options);
    expect(record).toMatchObject({ seed: 7, bestTop01: 4, uniqueTop01: 2, modeTop1: null, isSolved: true, busy: 1 });
    expect(peer.seeds).toEqual([7]);
  });

  test("ends at the cap, or where nothing better can come", async () => {
    const lost = new ScriptedPeer([bad]);
    expect(await searchWithPeer(lost, 0, ladderProblem(), options)).toMatchObject({ isSolved: false, stepMs: 2 });
    expect(lost.asked).toBe(5);
    const found = new ScriptedPeer([bad, best]);
    await searchWithPeer(found, 0, ladderProblem(), options);
    expect(found.asked).toBe(2);
  });

  test("tells the reward of a job: the penalty for cost is in it, and what is not listed has none", async () => {
    const problem = tableProblem(
      ladderTable("holes", (arms) => arms[1] !== 1),
      { macs: 650, beta: 0.3 },
    );
    const peer = new ScriptedPeer([best, [0, 1, 0, 0, 0, 0], bad]);
    const record = await searchWithPeer(peer, 0, problem, options);
    // 1,300 MACs are twice the target.
    expect(peer.told.slice(0, 3)).toEqual([problem.trueAccuracy(best)! - 0.3, null, 0.5]);
    expect(record).toMatchObject({ isFeasible: true });
    expect(record.regrets[1]).toBe(Infinity);
    expect(record.regrets[2]).toBeCloseTo(problem.optimum - 0.5, 12);
  });

  test("has as many suggestions under way as there are workers", async () => {
    const peer = new ScriptedPeer([bad]);
    const record = await searchWithPeer(peer, 0, ladderProblem(), { ...options, workers: 4, maxDraws: 40 });
    expect(peer.asked).toBe(40);
    expect(Object.keys(peer.told)).toHaveLength(36);
    expect(record.busy).toBeCloseTo(1, 10);
  });

  test("is judged by the true accuracy of its answer where rewards are noisy", async () => {
    const peer = new ScriptedPeer([bad, best, bad]);
    const record = await searchWithPeer(peer, 0, ladderProblem(), { ...options, noise: 1e-6 });
    expect(record).toMatchObject({ bestTop01: 2, isSolved: true });
    expect(peer.told[1]).not.toBe(ladderProblem().optimum);
    expect(peer.asked).toBe(5);
  });
});

describe("a Python process", () => {
  async function withPeer<T>(behaviour: FakeOptuna, use: (peer: OptunaPeer) => Promise<T>): Promise<T> {
    const python = join(folder.path, "python");
    writeFakeOptuna(python, behaviour);
    const peer = new OptunaPeer(python, { sizes: [3, 2], multivariate: true, parallel: false });
    try {
      return await use(peer);
    } finally {
      peer.stop();
    }
  }

  test("begins every seed anew and answers each request", async () => {
    const suggestions = await withPeer("suggests", async (peer) => {
      peer.start(0);
      const first = await peer.ask();
      peer.tell(first.trial, 0.5);
      const second = await peer.ask();
      peer.start(1);
      return [first, second, await peer.ask()];
    });
    expect(suggestions).toEqual([
      { trial: 0, arms: [1, 1], ms: 3 },
      { trial: 1, arms: [2, 1], ms: 3 },
      { trial: 0, arms: [2, 0], ms: 3 },
    ]);
  });

  test("that dies rejects with its last words, then and later", async () => {
    await withPeer("dies", async (peer) => {
      peer.start(0);
      await expect(peer.ask()).rejects.toThrow("Optuna has ended: ValueError: no more");
      await expect(peer.ask()).rejects.toThrow("Optuna has ended");
    });
  });

  test("that is not there rejects", async () => {
    const peer = new OptunaPeer(join(folder.path, "none"), { sizes: [2], multivariate: false, parallel: false });
    peer.start(0);
    await expect(peer.ask()).rejects.toThrow("ENOENT");
  });

  test("that is stopped rejects what is waited for", async () => {
    await withPeer("suggests", async (peer) => {
      const waiting = peer.ask();
      peer.stop();
      await expect(waiting).rejects.toThrow("The benchmark was stopped.");
    });
  });
});
