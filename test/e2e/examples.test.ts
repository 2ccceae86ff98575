import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import type { JobResult } from "../../spec/result.ts";
import { useFolder } from "../support/cli-files.ts";
import { CliProcess } from "../support/cli-process.ts";

const folder = useFolder();
const root = new URL("../../", import.meta.url);

async function runExample(name: string, ...flags: readonly string[]) {
  const spec = fileURLToPath(new URL(`examples/${name}`, root));
  const run = new CliProcess(["run", spec, "--workers", "2", "--json", ...flags], folder.path);
  const { code, stdout, stderr } = await run.ended;
  if (code !== 0) throw new Error(`exit code ${String(code)}: ${stderr}`);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as JobResult;
}

describe("the example of NAS-Bench-Macro", () => {
  const table = JSON.parse(readFileSync(new URL("data/nas-bench-macro/table.json", root), "utf8")) as {
    rows: readonly { arms: readonly number[]; accuracy: readonly number[] }[];
  };
  const accuracies = new Map(
    table.rows.map(({ arms, accuracy }) => [
      arms.join(),
      accuracy.reduce((sum, run) => sum + run, 0) / accuracy.length,
    ]),
  );

  /** Share of the networks that are strictly better. */
  function shareBetter(arms: readonly number[]): number {
    const own = accuracies.get(arms.join())!;
    return [...accuracies.values()].filter((accuracy) => accuracy > own).length / accuracies.size;
  }

  test.each([1, 2, 3])("ends with mode and answer in the top 1%% within 400 trials, seed %i", async (seed) => {
    const result = await runExample("nas-bench-macro.yaml", "--seed", String(seed));
    expect(shareBetter(result.arms)).toBeLessThan(0.01);
    expect(shareBetter(result.mode.arms)).toBeLessThan(0.01);
    expect(result.trials).toBeLessThanOrEqual(400);
    expect(result.measurement.accuracy).toBeCloseTo(accuracies.get(result.arms.join())!, 12);
  });
});

describe("the example of a space of one's own", () => {
  test("trains real networks on MNIST and finds one that has learned", async () => {
    const result = await runExample("my-search.yaml");
    expect(result.space).toBe("my-space");
    expect(result.measurement.accuracy).toBeGreaterThan(0.5);
    expect(result.measurement.steps).toBe(60);
    expect(result.macs).toBeGreaterThan(0);
  });
});

const hasPython = spawnSync("python3", ["--version"]).status === 0;
// The example is a program in Python.
(hasPython ? describe : describe.skip)("the example of a program of one's own", () => {
  test("has all networks evaluated, and the winner and its rivals trained to the end", async () => {
    const result = await runExample("command/search.yaml");
    expect(result).toMatchObject({ trials: 40, space: "mbconv-small", final: { steps: 600, part: "test" } });
    expect(result.comparisons).toHaveLength(2);
    expect(result.macs).toBeLessThanOrEqual(1.5e6);
    expect(result.final!.accuracy).toBeGreaterThan(result.measurement.accuracy);
  });
});
