import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { FpnasClient } from "../../client/client.ts";
import type { JobResult } from "../../spec/result.ts";
import { useFolder, writeSpec, writeTable } from "../support/cli-files.ts";
import { CliProcess, lastJson, runCli } from "../support/cli-process.ts";
import { withoutTimes } from "../support/without-times.ts";

const folder = useFolder();
const started: CliProcess[] = [];

afterEach(async () => {
  for (const process of started) process.killGroup("SIGKILL");
  await Promise.all(started.map(({ ended }) => ended));
  started.length = 0;
});

function start(...args: readonly string[]): CliProcess {
  const process = new CliProcess(args, folder.path);
  started.push(process);
  return process;
}

function writeLadder(trials: number): string {
  return writeSpec(folder.path, "ladder.yaml", {
    evaluator: { tabular: { table: writeTable(folder.path, 6) } },
    algorithm: { name: "fp-nas", k0: 8 },
    budget: { trials },
  });
}

function readResult(out: string): JobResult {
  return JSON.parse(readFileSync(join(folder.path, out, "result.json"), "utf8")) as JobResult;
}

/** Starts a run, and stops its search early without ending it: a paused job stays as it is for as long as a test needs. */
async function startPaused(spec: string, out: string): Promise<{ process: CliProcess; client: FpnasClient }> {
  const process = start("run", spec, "--workers", "2", "--out", out);
  const client = new FpnasClient((await process.printed(/coordinator at (\S+)/))[1] ?? "");
  await client.pauseJob("projects/default/jobs/ladder");
  return { process, client };
}

/** Goes on with a paused run to its end. */
async function resume(spec: string, out: string) {
  const process = start("run", spec, "--workers", "2", "--out", out, "--json");
  const client = new FpnasClient((await process.printed(/going on with ladder.* coordinator at (\S+)/))[1] ?? "");
  await client.resumeJob("projects/default/jobs/ladder");
  client.close();
  return process.ended;
}

describe("fpnas run", () => {
  test("ends with a result on disk, on stdout with --json, and again when it is started again", async () => {
    const spec = writeLadder(60);
    const first = await runCli(["run", spec, "--workers", "2", "--json"], folder.path);
    expect(first.code).toBe(0);
    expect(first.stderr).toContain("starting ladder, seed 0, in runs/ladder");
    expect(first.stderr).toContain("algorithm fp-nas (named in the spec)");
    const result = readResult("runs/ladder");
    expect(lastJson(first)).toEqual(result);
    expect(result).toMatchObject({ job: "projects/default/jobs/ladder", seed: 0, space: "ladder", trials: 60 });
    expect(readFileSync(join(folder.path, "runs/ladder/report.html"), "utf8")).toContain("<html");

    const again = await runCli(["run", spec, "--json"], folder.path);
    expect(again).toMatchObject({ code: 0, stdout: first.stdout });
    const forPeople = await runCli(["run", spec], folder.path);
    expect(forPeople.stdout).toMatch(/^found +\d+\.\d\d% +\S+ +\S+$/m);
    expect(forPeople.stdout).toContain("runs/ladder/report.html");
  });

  test("keeps two cost targets at once, or says by how much the network found exceeds each", async () => {
    const spec = (name: string, cost: object) =>
      writeSpec(folder.path, name, {
        evaluator: { tabular: { table: writeTable(folder.path, 4) } },
        cost,
        budget: { trials: 81 },
      });
    const met = await runCli(["run", spec("met.yaml", { macs: 6000, params: 70 }), "--json"], folder.path);
    const result = lastJson(met) as unknown as JobResult;
    expect(result).toMatchObject({ macs: 6000, params: 60, excess: { macs: 0, params: 0 } });
    const costs = result.pareto.map(({ macs }) => macs ?? NaN);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    const missed = await runCli(["run", spec("missed.yaml", { macs: 800, params: 5 })], folder.path);
    expect(missed.stdout).toContain(
      "no network met the cost targets; the one found exceeds that of MACs by 25.00% and params by 100.00%",
    );
  });

  test("gives the same network and distribution with 1 worker and with 3", async () => {
    const spec = writeLadder(60);
    for (const workers of ["1", "3"]) {
      const { code } = await runCli(["run", spec, "--workers", workers, "--out", `with-${workers}`], folder.path);
      expect(code).toBe(0);
    }
    expect(withoutTimes(readResult("with-3"))).toEqual(withoutTimes(readResult("with-1")));
  });

  test("takes --seed for the spec's own", async () => {
    const spec = writeLadder(20);
    const { code } = await runCli(["run", spec, "--seed", "5", "--out", "five"], folder.path);
    expect(code).toBe(0);
    expect(readResult("five").seed).toBe(5);
  });

  test("killed with -9, workers and all, goes on and ends as if nothing had happened", async () => {
    const spec = writeLadder(60);
    const undisturbed = await runCli(["run", spec, "--workers", "2", "--out", "a", "--json"], folder.path);
    const { process, client } = await startPaused(spec, "b");
    client.close();
    process.killGroup("SIGKILL");
    expect((await process.ended).signal).toBe("SIGKILL");
    expect(existsSync(join(folder.path, "b/result.json"))).toBe(false);
    const { code } = await resume(spec, "b");
    expect(code).toBe(0);
    expect(withoutTimes(readResult("b"))).toEqual(withoutTimes(lastJson(undisturbed) as unknown as JobResult));
  });

  test("whose process alone is killed leaves no worker behind", async () => {
    const { process, client } = await startPaused(writeLadder(60), "b");
    client.close();
    process.kill("SIGKILL");
    await process.ended;
    await expect(process.groupGone()).resolves.toBe(true);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("stopped by %s exits with %i, says how to go on, and goes on", async (signal, code) => {
    const spec = writeLadder(60);
    const { process, client } = await startPaused(spec, "b");
    client.close();
    process.kill(signal);
    const end = await process.ended;
    expect(end.code).toBe(code);
    expect(end.stderr).toContain("go on with: fpnas run ladder.yaml --out b");
    expect((await resume(spec, "b")).code).toBe(0);
  });

  test("refuses a folder where it is going on, or that holds another spec or seed", async () => {
    const spec = writeLadder(60);
    const { client } = await startPaused(spec, "b");
    client.close();
    const other = writeSpec(folder.path, "other.yaml", {
      name: "ladder",
      evaluator: { tabular: { table: "table.json" } },
      budget: { trials: 61 },
    });
    const refusals = await Promise.all([
      runCli(["run", spec, "--out", "b"], folder.path),
      runCli(["run", spec, "--out", "b", "--seed", "9"], folder.path),
      runCli(["run", other, "--out", "b"], folder.path),
    ]);
    for (const { code } of refusals) expect(code).toBe(2);
    expect(refusals.map(({ stderr }) => stderr)).toEqual([
      expect.stringContaining("another run is going on in b"),
      expect.stringContaining("seed 0, not 9"),
      expect.stringContaining("b holds the run of another spec"),
    ]);
  });

  test("of a job that is cancelled exits with 4, then and when it is started again", async () => {
    const spec = writeLadder(60);
    const { process, client } = await startPaused(spec, "b");
    await client.cancelJob("projects/default/jobs/ladder");
    client.close();
    expect((await process.ended).code).toBe(4);
    expect(await runCli(["run", spec, "--out", "b"], folder.path)).toMatchObject({ code: 4, stdout: "" });
  });

  test("takes a table whose costs are counted in millions", async () => {
    const costs = [
      { macs: 39.5, params: 0.27 },
      { macs: 12.25, params: 0.1 },
    ];
    const rows = costs.map((cost, arm) => ({ arms: [arm], accuracy: 0.9 - arm / 10, ...cost }));
    writeSpec(folder.path, "m.json", { name: "m", choices: [{ name: "c", arms: ["a", "b"] }], rows });
    const spec = writeSpec(folder.path, "m.yaml", {
      evaluator: { tabular: { table: "m.json" } },
      cost: { macs: 20.5, beta: 1 },
    });
    expect((await runCli(["run", spec, "--out", "m"], folder.path)).code).toBe(0);
    expect(readResult("m")).toMatchObject({ arms: [1], macs: 12.25, bestObserved: { macs: 39.5, params: 0.27 } });
  });

  test("needs no proxy to reach its own coordinator and workers", async () => {
    const proxy = "http://127.0.0.1:1";
    const env = { http_proxy: proxy, https_proxy: proxy, grpc_proxy: proxy, no_proxy: "", no_grpc_proxy: "" };
    expect(await runCli(["run", writeLadder(20)], folder.path, env)).toMatchObject({ code: 0 });
  });

  test("goes on where nobody reads its progress any more", async () => {
    const process = start("run", writeLadder(20), "--out", "b");
    await process.printed(/starting/);
    process.closeErrors();
    expect((await process.ended).code).toBe(0);
    expect(readResult("b").trials).toBe(20);
  });

  test("says which file of its folder is damaged", async () => {
    const spec = writeLadder(20);
    expect((await runCli(["run", spec, "--out", "b"], folder.path)).code).toBe(0);
    writeFileSync(join(folder.path, "b/result.json"), '{"job":');
    const noResult = await runCli(["run", spec, "--out", "b"], folder.path);
    expect(noResult).toMatchObject({ code: 2, stderr: expect.stringContaining("b/result.json is damaged") });
    for (const text of ["", "null", "{}"]) {
      writeFileSync(join(folder.path, "b/run.json"), text);
      const noIdentity = await runCli(["run", spec, "--out", "b"], folder.path);
      expect(noIdentity).toMatchObject({ code: 2, stderr: expect.stringContaining("b/run.json is damaged") });
    }
  });

  test("takes another order of the same spec for the same run", async () => {
    const spec = writeLadder(20);
    expect((await runCli(["run", spec, "--out", "b"], folder.path)).code).toBe(0);
    writeSpec(folder.path, "ladder.yaml", {
      seed: 0,
      budget: { trials: 20 },
      algorithm: { k0: 8, name: "fp-nas" },
      evaluator: { tabular: { table: "table.json" } },
    });
    expect((await runCli(["run", spec, "--out", "b"], folder.path)).stderr).toContain("finished before");
  });
});
