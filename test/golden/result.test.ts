import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { useFolder, writeSpec, writeTable } from "../support/cli-files.ts";
import { CliProcess } from "../support/cli-process.ts";

const golden = new URL("./result.json", import.meta.url);
const folder = useFolder();

/** Numbers at 12 significant digits: exp and log are not specified to the last bit. What a clock measured is told by its type alone. */
function comparable(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => {
    if (key === "wallSeconds" || key === "workerBusyFraction") return typeof value;
    return typeof value === "number" ? Number(value.toPrecision(12)) : value;
  });
}

test("a finished run leaves this result.json and prints it with --json", async () => {
  const table = writeTable(folder.path, 4);
  const spec = writeSpec(folder.path, "ladder.json", {
    evaluator: { tabular: { table } },
    algorithm: { name: "fp-nas", k0: 8 },
    cost: { macs: 7000 },
    budget: { trials: 40 },
    seed: 5,
  });
  const run = new CliProcess(["run", spec, "--workers", "1", "--json"], folder.path);
  const { code, stdout } = await run.ended;
  expect(code).toBe(0);
  const text = readFileSync(`${folder.path}/runs/ladder/result.json`, "utf8");
  expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toEqual(JSON.parse(text));
  expect(comparable(text)).toEqual(comparable(readFileSync(golden, "utf8")));
});
