import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { JobResult } from "../../spec/result.ts";
import { useFolder, writeSpec } from "../support/cli-files.ts";
import { CliProcess } from "../support/cli-process.ts";
import { smallSpace } from "../support/supernet-job.ts";

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

function writeSupernet(stages: readonly object[]): string {
  writeSpec(folder.path, "space.json", smallSpace);
  return writeSpec(folder.path, "shared.json", {
    space: { file: "space.json" },
    algorithm: { name: "fp-nas", kMin: 4, kMax: 4 },
    stages,
    evaluator: { supernet: { dataset: "mnist", localSteps: 2, batch: 16, validationExamples: 32 } },
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

/** Everything of a result that the same spec and seed must give again, whatever happened on the way. */
function readOutcome(out: string) {
  const result = JSON.parse(readFileSync(join(folder.path, out, "result.json"), "utf8")) as JobResult;
  return { ...result, wallSeconds: null, workerBusyFraction: null };
}

/** The hash of each version of the weights that is left, by its name. */
function versions(out: string): Readonly<Record<string, string>> {
  const root = join(folder.path, out, "weights");
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".weights"));
  const hash = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(root, name)))
      .digest("hex");
  return Object.fromEntries(names.map((name) => [name.slice(name.lastIndexOf("/") + 1), hash(name)]));
}

describe("fpnas run with a supernet", () => {
  test("gives the same result and the same weights, bit for bit, with 1 worker, with 4, and when it was stopped midway", async () => {
    const spec = writeSupernet(synchronous);
    const alone = await start(spec, "alone", 1).ended;
    expect(alone).toMatchObject({ code: 0 });
    const expected = readOutcome("alone");
    expect(expected).toMatchObject({ rounds: 6, trials: 24, supernet: { version: 7, stale: 0 }, final: { steps: 5 } });
    expect(expected.supernet!.finalists.length).toBeGreaterThan(1);
    expect(Object.keys(versions("alone"))).toEqual(["7.weights"]);

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
    expect(versions("crowd")).toEqual(versions("alone"));
  }, 240_000);

  test("goes on beside merges in an asynchronous stage, and counts draws that end too late", async () => {
    const stages = [{ name: "all", slots: "factorized", updateAfter: 2, inFlight: 4 }];
    const spec = writeSupernet(stages);
    const { code } = await start(spec, "late", 2).ended;
    expect(code).toBe(0);
    const { rounds, trials, supernet } = readOutcome("late");
    expect(trials).toBe(24);
    expect(rounds).toBeGreaterThanOrEqual(10);
    expect(supernet).toMatchObject({ version: rounds + 1 });
    expect(supernet!.stale).toBeGreaterThanOrEqual(0);
  }, 240_000);
});
