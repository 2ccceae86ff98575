import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import type { JobResult } from "../../spec/result.ts";
import { useFolder, writeSpec } from "../support/cli-files.ts";
import { lastJson, runCli } from "../support/cli-process.ts";

const folder = useFolder();

/** Refuses networks with few MACs; measures all others by their MACs, and final trainings as perfect. */
const program = `
const task = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
console.error("params " + task.params);
if (task.macs < Number(process.env.LEAST)) { console.error("too small"); process.exit(65); }
const accuracy = task.part === "test" ? 1 : 1 - 1e5 / task.macs;
console.log(JSON.stringify({ accuracy, steps: task.steps }));
`;

test("a run has the networks of its space evaluated by the spec's program, in trials as in the final training", async () => {
  writeFileSync(join(folder.path, "measure.cjs"), program);
  const spec = writeSpec(folder.path, "mine.yaml", {
    space: "mbconv-small",
    algorithm: { name: "random" },
    evaluator: {
      command: { run: [process.execPath, "measure.cjs"], files: ["measure.cjs"], env: { LEAST: "1.8e6" }, steps: 2 },
    },
    budget: { trials: 12 },
    final: { steps: 5 },
  });
  const run = await runCli(["run", spec, "--workers", "2", "--json"], folder.path);
  expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining("measure.cjs by 2 workers") });
  const result = lastJson(run) as unknown as JobResult;
  expect(result).toMatchObject({ trials: 12, final: { accuracy: 1, steps: 5, part: "test" } });
  expect(result.measurement.accuracy).toBeCloseTo(1 - 1e5 / result.macs!, 12);
  expect(result.macs).toBeGreaterThanOrEqual(1.8e6);
  expect(result.measurement.steps).toBe(2);
  expect(result.pareto.every(({ macs }) => macs! >= 1.8e6)).toBe(true);
  const logs = [1, 2]
    .map((worker) => readFileSync(join(folder.path, `runs/mine/worker-${worker}.log`), "utf8"))
    .join("");
  expect(logs).toMatch(/"stream":"stderr","msg":"params \d+"/);
  expect(logs).toContain("too small");
});

test("a spec whose program lacks a file is told so", async () => {
  const command = { run: ["python3", "train.py"], files: ["train.py", "data.py"] };
  writeFileSync(join(folder.path, "train.py"), "");
  const spec = writeSpec(folder.path, "mine.yaml", { space: "mbconv-small", evaluator: { command } });
  expect(await runCli(["validate", spec], folder.path)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("evaluator.command.files[1]: data.py cannot be read: there is no such file."),
  });
});
