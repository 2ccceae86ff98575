import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { makePythonGolden } from "../support/python-golden.ts";

const folder = new URL("../../worker/python/tests/golden/", import.meta.url);

/** How far a number may be from the golden one, relative: a training's last digits are the backend's, and grow from step to step. */
function toleranceOf(path: string): number {
  if (!/^(training|finals)\.json/.test(path)) return 1e-6;
  return path.endsWith(".loss") ? 1e-3 : 1e-4;
}

/** Equal, but that numbers may be as far apart as their tolerance allows. */
function expectClose(actual: unknown, golden: unknown, path: string): void {
  if (typeof golden === "number" && typeof actual === "number" && !Number.isInteger(golden)) {
    if (Math.abs(actual - golden) > toleranceOf(path) * Math.max(1e-3, Math.abs(golden))) {
      throw new Error(`${path} is ${actual}, and ${golden} in the golden file`);
    }
  } else if (typeof golden === "object" && golden !== null) {
    expect(Object.keys(actual as object)).toEqual(Object.keys(golden));
    for (const [key, value] of Object.entries(golden)) {
      expectClose((actual as Readonly<Record<string, unknown>>)[key], value, `${path}.${key}`);
    }
  } else {
    expect([path, actual]).toEqual([path, golden]);
  }
}

// Of what test/support/write-python-golden.ts writes, the Python worker's own tests read the files.
test("the files that hold the Python worker to this one are what this one computes", async () => {
  const made = Object.entries(await makePythonGolden());
  expect(made.map(([name]) => name)).toEqual([
    ...["streams.json", "networks.json", "learning-rates.json", "training.json", "finals.json"],
  ]);
  for (const [name, content] of made) {
    const golden: unknown = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    expectClose(JSON.parse(JSON.stringify(content)), golden, name);
  }
});
