import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { ladderTable } from "../support/bench-problems.ts";
import { useFolder } from "../support/cli-files.ts";
import { CliProcess, runCli } from "../support/cli-process.ts";
import { writeFakeOptuna } from "../support/fake-optuna.ts";

const folder = useFolder();

beforeEach(() => writeFileSync(join(folder.path, "ladder.json"), ladderTable()));

function bench(...args: readonly string[]) {
  return runCli(["bench", "search", ...args], folder.path);
}

test("NAS-Bench-Macro is searched where no table is named", async () => {
  const { code, stdout, stderr } = await bench(
    "--seeds",
    "2",
    "--max-draws",
    "30",
    "--algorithms",
    "random,local-search",
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^nas-bench-macro: 8 choices, 8.8 nats, 2 seeds, 1 worker\n/);
  expect(stdout.trimEnd().split("\n")).toHaveLength(5);
  expect(stderr.trimEnd().split("\n")).toEqual([
    "4 searches",
    expect.stringMatching(/^nas-bench-macro, random: 2 searches done after \d+s$/),
    expect.stringMatching(/^nas-bench-macro, local-search: 2 searches done after \d+s$/),
  ]);
});

test("several tables, workers, targets and noise go together, with a line a search and a panel a table", async () => {
  writeFileSync(join(folder.path, "other.json"), ladderTable("other"));
  const tables = ["--table", "ladder.json", "--table", "other.json", "--algorithms", "fp-nas-archive"];
  const how = ["--seeds", "3", "--workers", "8", "--max-draws", "40", "--macs", "900", "--noise", "0.8"];
  const { code, stdout } = await bench(...tables, ...how, "--json", "--csv", "out.csv", "--svg", "out.svg");
  expect(code).toBe(0);
  const rows = JSON.parse(stdout) as readonly Record<string, unknown>[];
  expect(rows.map(({ table, workers, feasible }) => [table, workers, feasible])).toEqual([
    ["ladder", 8, 1],
    ["other", 8, 1],
  ]);
  const read = (name: string) => readFileSync(join(folder.path, name), "utf8");
  expect(read("out.csv").split("\r\n")).toHaveLength(8);
  expect(read("out.svg").match(/class="title"/g)).toHaveLength(2);
});

describe("bad input exits with 2 and names the flag", () => {
  test.each([
    [["--table", "none.json"], "--table none.json cannot be read: there is no such file."],
    [
      ["--table", "ladder.json", "--table", "ladder.json"],
      "--table ladder.json: There is a table or landscape ladder before it.",
    ],
    [["--algorithms", "parsec:k=1"], "--algorithms parsec:k=1: k: "],
    [["--algorithms", "parsec:q=1"], "--algorithms parsec:q=1: "],
    [["--algorithms", "best"], '--algorithms best: There is no algorithm "best"; there are fp-nas, '],
    [["--macs", "1"], "--macs: No network of table nas-bench-macro meets the targets."],
    [["--table", "ladder.json", "--params", "1"], "--params: Table ladder tells none, so a target cannot be kept."],
    [["--csv", "none/out.csv"], "none/out.csv cannot be written: there is no such file."],
    [["--seeds", "0"], "option '--seeds <n>' argument '0' is invalid."],
    [["--noise", "1"], "option '--noise <tau>' argument '1' is invalid."],
  ])("%p", async (flags, message) => {
    const { code, stdout, stderr } = await bench(...flags, "--seeds", "1", "--max-draws", "10");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`error: ${message}`);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});

test("an interrupt ends it at once, without a report and with its files as they were", async () => {
  writeFileSync(join(folder.path, "out.csv"), "of before");
  const args = [
    "--seeds",
    "100000",
    "--algorithms",
    "random:k=1,fp-nas-plus",
    "--csv",
    "out.csv",
    "--table",
    "ladder.json",
  ];
  const process = new CliProcess(["bench", "search", ...args, "--max-draws", "700"], folder.path);
  await process.printed(/^200,000 searches$/m);
  process.kill("SIGINT");
  expect(await process.ended).toMatchObject({ code: 130, stdout: "", stderr: "200,000 searches\nstopped\n" });
  expect(readFileSync(join(folder.path, "out.csv"), "utf8")).toBe("of before");
});

test("landscapes are searched under their own names, and have no other targets than their own", async () => {
  const landscapes = ["--landscape", "nk-20", "--landscape", "nk-20:3"];
  const { code, stdout } = await bench(
    ...landscapes,
    "--algorithms",
    "random",
    "--seeds",
    "2",
    "--max-draws",
    "20",
    "--json",
  );
  expect(code).toBe(0);
  const rows = JSON.parse(stdout) as readonly Record<string, unknown>[];
  expect(rows.map(({ table, unsolved }) => [table, unsolved])).toEqual([
    ["nk-20", 1],
    ["nk-20:3", 1],
  ]);
  const refused = await bench(...landscapes, "--macs", "1e6");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toBe("error: --macs: A landscape has targets of its own, or no costs.\n");
});

describe("--peers", () => {
  const flags = ["--table", "ladder.json", "--algorithms", "random", "--seeds", "3", "--max-draws", "20", "--peers"];

  test("adds the rows of Optuna to the same report", async () => {
    writeFakeOptuna(join(folder.path, "cache", "optuna-5.0.0", "bin", "python"), "suggests");
    const env = { FPNAS_CACHE_DIR: join(folder.path, "cache") };
    const { code, stdout } = await runCli(["bench", "search", ...flags, "--json"], folder.path, env);
    expect(code).toBe(0);
    const rows = JSON.parse(stdout) as readonly Record<string, unknown>[];
    expect(rows.map(({ algorithm, seeds, stepMs }) => [algorithm, seeds, typeof stepMs])).toEqual([
      ["random", 3, "number"],
      ["optuna-tpe", 3, "number"],
      ["optuna-tpe-multivariate", 3, "number"],
    ]);
    expect(rows[1]).not.toEqual({ ...rows[2], algorithm: "optuna-tpe" });
  });

  test("ends with 1 and its last words where Optuna fails", async () => {
    writeFakeOptuna(join(folder.path, "cache", "optuna-5.0.0", "bin", "python"), "dies");
    const env = { FPNAS_CACHE_DIR: join(folder.path, "cache") };
    const { code, stdout, stderr } = await runCli(["bench", "search", ...flags], folder.path, env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error: Optuna has ended: ValueError: no more$/m);
  });

  test("says so where there is no Python", async () => {
    const env = { FPNAS_CACHE_DIR: join(folder.path, "cache"), PATH: folder.path };
    const { code, stdout, stderr } = await runCli(["bench", "search", ...flags], folder.path, env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^error: --peers: There is no Python that makes environments \(python3 -m venv\): ENOENT\.$/m,
    );
    expect(readdirSync(join(folder.path, "cache"))).toEqual([]);
  });
});
