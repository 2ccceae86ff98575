import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { parseMbconvDefinition } from "../../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../../coordinator/search/space/mbconv-space.ts";
import type { JobResult } from "../../spec/result.ts";
import { useFolder, writeSpec } from "../support/cli-files.ts";
import { CliProcess } from "../support/cli-process.ts";
import { smallSpace, weightsHash } from "../support/supernet-job.ts";
import { withoutTimes } from "../support/without-times.ts";

const folder = useFolder();
const started: CliProcess[] = [];

afterEach(async () => {
  for (const process of started) process.killGroup("SIGKILL");
  await Promise.all(started.map(({ ended }) => ended));
  started.length = 0;
});

function start(spec: string, out: string, workers: number): CliProcess {
  const args = ["run", spec, "--workers", String(workers), "--backend", "wasm", "--out", out];
  const process = new CliProcess(args, folder.path);
  started.push(process);
  return process;
}

function writeSupernet(stages: readonly object[], settings: object = {}): string {
  writeSpec(folder.path, "space.json", smallSpace);
  return writeSpec(folder.path, "shared.json", {
    space: { file: "space.json" },
    algorithm: { name: "fp-nas", kMin: 4, kMax: 4 },
    stages,
    evaluator: { supernet: { dataset: "mnist", localSteps: 2, batch: 16, validationExamples: 32, ...settings } },
    cost: { macs: 6e4 },
    budget: { trials: 24 },
    final: { steps: 5 },
    seed: 7,
  });
}

const synchronous = [
  { name: "warm-up", slots: "factorized", until: { rounds: 2 }, weightsOnly: true },
  { name: "coarse", slots: "factorized", until: { rounds: 2 } },
  { name: "fine", slots: "block" },
];

function readOutcome(out: string): JobResult {
  return withoutTimes(JSON.parse(readFileSync(join(folder.path, out, "result.json"), "utf8")) as JobResult);
}

/** A hash of the numbers of the last version of the weights. */
function lastWeights(out: string): Promise<string> {
  const { tensors } = mbconvSpace(parseMbconvDefinition(smallSpace)).supernet!();
  const { supernet } = readOutcome(out);
  return weightsHash(join(folder.path, out, "weights"), "default/shared", supernet!.version, tensors);
}

describe("fpnas run with a supernet", () => {
  test("gives the same result and the same weights, bit for bit, with 1 worker, with 4, and when it was stopped midway", async () => {
    const spec = writeSupernet(synchronous);
    const alone = await start(spec, "alone", 1).ended;
    expect(alone).toMatchObject({ code: 0 });
    const expected = readOutcome("alone");
    expect(expected).toMatchObject({ rounds: 6, trials: 24, supernet: { version: 7, stale: 0 }, final: { steps: 5 } });
    expect(expected.supernet!.finalists.length).toBeGreaterThan(1);

    const stopped = start(spec, "crowd", 4);
    await stopped.printed(/\| round [2-5] \|/);
    stopped.kill("SIGINT");
    const { code, stderr } = await stopped.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("stopped; go on with: fpnas run shared.json --out crowd");
    const { stderr: rest, ...second } = await start(spec, "crowd", 4).ended;
    expect(second.code).toBe(0);
    expect(rest).toContain("going on with shared");
    expect(readOutcome("crowd")).toEqual(expected);
    expect(await lastWeights("crowd")).toBe(await lastWeights("alone"));
  }, 240_000);

  test("goes on beside merges in an asynchronous stage, and counts draws that end too late", async () => {
    const stages = [{ name: "all", slots: "factorized", updateAfter: 2, inFlight: 4 }];
    const spec = writeSupernet(stages, { staleness: 0 });
    const { code } = await start(spec, "late", 2).ended;
    expect(code).toBe(0);
    const { rounds, trials, supernet } = readOutcome("late");
    expect(trials).toBe(24);
    expect(rounds).toBeGreaterThanOrEqual(10);
    expect(supernet).toMatchObject({ version: rounds + 1 });
    expect(supernet!.stale).toBeGreaterThan(0);
  }, 240_000);
});
