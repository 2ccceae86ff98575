import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ProbeResults } from "../../worker/backend/rank-backends.ts";
import { agreeOnVerdict, readVerdict, replaceVerdict, verdictPath } from "../../worker/backend/verdict-file.ts";
import { useFolder } from "../support/cli-files.ts";

const folder = useFolder();
const variables = ["FPNAS_CACHE_DIR", "TF_NUM_INTRAOP_THREADS"] as const;
const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
beforeEach(() => {
  process.env["FPNAS_CACHE_DIR"] = folder.path;
});
afterEach(() => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

const found = (reason: string): ProbeResults => [["wasm", { type: "fails", reason }]];

describe("the verdict on a machine's backends", () => {
  test("is one that all processes take, whoever measured first", async () => {
    const path = await verdictPath();
    expect(await readVerdict(path)).toBeNull();
    const taken = await Promise.all(["a", "b", "c"].map((reason) => agreeOnVerdict(path, found(reason))));
    expect(new Set(taken.map((results) => JSON.stringify(results))).size).toBe(1);
    expect(await readVerdict(path)).toEqual(taken[0]);
    expect(await agreeOnVerdict(path, found("late"))).toEqual(taken[0]);
    expect(readdirSync(dirname(path))).toHaveLength(1);
  });

  test("is replaced by a measurement that was asked for", async () => {
    const path = await verdictPath();
    await agreeOnVerdict(path, found("old"));
    await replaceVerdict(path, found("new"));
    expect(await readVerdict(path)).toEqual(found("new"));
  });

  test("holds for a day", async () => {
    const path = await verdictPath();
    await agreeOnVerdict(path, found("old"));
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    utimesSync(path, twoDaysAgo, twoDaysAgo);
    expect(await readVerdict(path)).toBeNull();
    expect(await agreeOnVerdict(path, found("new"))).toEqual(found("new"));
  });

  test("is another under other settings", async () => {
    process.env["TF_NUM_INTRAOP_THREADS"] = "1";
    const one = await verdictPath();
    process.env["TF_NUM_INTRAOP_THREADS"] = "2";
    expect(await verdictPath()).not.toBe(one);
  });

  test("is done without where nothing can be kept", async () => {
    writeFileSync(join(folder.path, "backends"), "a file where the folder should be");
    const path = await verdictPath();
    expect(await agreeOnVerdict(path, found("mine"))).toEqual(found("mine"));
    await replaceVerdict(path, found("mine"));
    expect(existsSync(path)).toBe(false);
  });

  test("is made anew where its file is damaged", async () => {
    const path = await verdictPath();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "[[");
    expect(await agreeOnVerdict(path, found("new"))).toEqual(found("new"));
    expect(await readVerdict(path)).toEqual(found("new"));
  });
});
