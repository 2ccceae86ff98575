import { describe, expect, test } from "@jest/globals";
import { progressLine, progressLines, type ProgressInput } from "../../cli/run/progress-lines.ts";
import type { Job, Progress } from "../../client/types.ts";
import { parseSpec } from "../../spec/parse-spec.ts";

const progress: Progress = {
  stage: "coarse",
  rounds: 2,
  draws: 30,
  roundDraws: 9,
  trialsCreated: 30,
  trialsEnded: 25,
  trialsFailed: 1,
  trialsBudget: 100,
  entropy: 6,
  entropyStart: 8,
  best: { trial: "projects/default/jobs/j/trials/3", accuracy: 0.91, macs: 1_500_000, params: 20_000 },
  workers: 2,
  finalEnded: 0,
  finalTotal: 0,
};

function input(changes: Partial<Progress> = {}, job: Partial<Job> = {}, wallSeconds?: number): ProgressInput {
  const budget = { trials: 100, ...(wallSeconds === undefined ? {} : { wallSeconds }) };
  return {
    job: {
      name: "projects/default/jobs/j",
      state: "running",
      spec: parseSpec({ evaluator: { tabular: { table: "t.json" } }, budget }),
      createTimeMs: 0,
      endTimeMs: null,
      result: null,
      error: null,
      progress: { ...progress, ...changes },
      ...job,
    },
    rounds: [
      { entropy: 7, draws: 12 },
      { entropy: 6, draws: 10 },
    ],
    sinceMs: 0,
    endedBefore: 0,
    nowMs: 50_000,
  };
}

describe("progress of a job", () => {
  test("tells what is done, the time left at the present pace, entropy, draws, the best network and workers", () => {
    const block = progressLines(input()).join("\n");
    for (const part of ["25%", "25 of 100 trials (1 failed)", "about 2m 30s left", "coarse, 2 rounds", "2 workers"]) {
      expect(block).toContain(part);
    }
    expect(block).toContain("6.00 of 8.00 nats");
    expect(block).toContain("12 10 (now 9)");
    expect(block).toContain("91.00%, 1.50M MACs, 20.0k params");
  });

  test("counts the budget of time where that ends first", () => {
    expect(progressLine(input({}, {}, 60))).toContain("about 10s left");
    expect(progressLines(input({}, {}, 100))[0]).toContain("50%");
  });

  test("tells of updates and of what is in flight where rounds do not wait", () => {
    const stages = [{ name: "coarse", slots: "factorized", updateAfter: 4, inFlight: 9 }];
    const spec = parseSpec({ evaluator: { tabular: { table: "t.json" } }, stages });
    const block = progressLines(input({}, { spec })).join("\n");
    for (const part of ["coarse, 2 updates made", "12 10 (in flight 9)"]) expect(block).toContain(part);
    expect(progressLine(input({}, { spec }))).toContain("| update 2 |");
  });

  test("takes the pace of this process alone after a restart", () => {
    const restarted = { ...input(), sinceMs: 40_000, endedBefore: 20 };
    expect(progressLine(restarted)).toContain("about 2m 30s left");
    expect(progressLine({ ...restarted, endedBefore: 25 })).not.toContain("left");
  });

  test("tells of final training, pauses and the end", () => {
    const final = progressLine(input({ finalTotal: 3, finalEnded: 1 }));
    expect(final).toContain("final training | round 2 | 1 of 3 final networks");
    const choosing = progressLine(input({ stage: "finalists", finalTotal: 8, finalEnded: 2 }));
    expect(choosing).toContain("choosing the answer | round 2 | 2 of 8 finalists");
    expect(progressLine(input({}, { state: "paused" }))).toContain("coarse (paused)");
    expect(progressLine(input({ stage: null }, { state: "succeeded", endTimeMs: 50_000 }))).toContain("| succeeded |");
    expect(progressLine(input({ best: null, stage: null }))).toContain("starting");
  });

  test("says what worker a final training waits for", () => {
    const spec = parseSpec({ space: "mbconv-small", evaluator: { train: { dataset: "mnist" } }, final: { steps: 9 } });
    const waiting = { stage: "final", finalTotal: 1, workers: 0 };
    expect(progressLine(input(waiting, { spec }))).toContain("waiting for a worker that can train final networks");
    expect(progressLine(input({ workers: 0 }, { spec }))).toMatch(/waiting for workers( \||$)/);
  });
});
