import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { useFolder, writeSpec, writeTable } from "../support/cli-files.ts";
import { CliProcess, lastJson, runCli } from "../support/cli-process.ts";

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

test("a job by hand: coordinator, workers, submit, watch, get, list, trials, export, and both ends stop gracefully", async () => {
  const coordinator = start("coordinator", "--listen", "127.0.0.1:0", "--store", "sqlite:state.db");
  const address = (await coordinator.printed(/listening on (\S+)/))[1] ?? "";
  const env = { FPNAS_COORDINATOR: address };
  const cli = (...args: readonly string[]) => runCli(args, folder.path, env);
  const spec = writeSpec(folder.path, "ladder.yaml", {
    evaluator: { tabular: { table: writeTable(folder.path, 4) } },
    budget: { trials: 30 },
  });

  const submitted = await cli("submit", spec);
  expect(submitted).toMatchObject({ code: 0, stdout: "projects/default/jobs/ladder\n" });
  expect(submitted.stderr).toMatch(/^algorithm fp-nas-plus \(default: .*\)$/m);
  expect(await cli("pause", "ladder")).toMatchObject({ code: 0, stdout: "projects/default/jobs/ladder  paused\n" });
  expect(lastJson(await cli("get", "ladder", "--json"))).toMatchObject({ state: "paused", result: null });
  expect((await cli("export", "ladder")).code).toBe(1);
  expect((await cli("resume", "ladder")).code).toBe(0);
  expect((await cli("resume", "ladder")).code).toBe(1);

  const workers = start("worker", "--coordinator", address, "--concurrency", "2");
  const watch = await cli("watch", "ladder", "--json");
  expect(watch.code).toBe(0);
  expect(lastJson(watch)).toMatchObject({ state: "succeeded" });

  const job = lastJson(await cli("get", "projects/default/jobs/ladder", "--json"));
  expect(job["result"]).toMatchObject({ job: "projects/default/jobs/ladder", trials: 30, space: "ladder" });
  expect((await cli("get", "ladder")).stdout).toMatch(/^found +\d/m);
  expect((await cli("list")).stdout).toMatch(/^ladder +succeeded +30 /m);
  expect(lastJson(await cli("trials", "ladder", "--json"))["trials"]).toHaveLength(30);
  const trials = (await cli("trials", "ladder")).stdout.trimEnd().split("\n");
  expect(trials).toHaveLength(31);
  expect(trials[0]).toMatch(/^trial +round +state +attempts +accuracy +MACs +params +arms +detail$/);
  expect(trials[1]).toMatch(/^ *1 +1 +completed +1 /);

  const { network } = job["result"] as { readonly network: unknown };
  expect(lastJson(await cli("export", "ladder", "--json"))).toEqual(network);
  expect((await cli("export", "ladder", "--out", "out")).code).toBe(0);
  const files = ["network.json", "report.html", "result.json", "rounds.json", "trials.json"];
  expect(readdirSync(join(folder.path, "out")).sort()).toEqual(files);
  expect(JSON.parse(readFileSync(join(folder.path, "out/result.json"), "utf8"))).toEqual(job["result"]);

  expect((await cli("get", "none")).code).toBe(2);
  workers.kill("SIGTERM");
  expect((await workers.ended).code).toBe(0);
  coordinator.kill("SIGINT");
  expect((await coordinator.ended).code).toBe(130);
});

test("a job that reuses another: submit, trials, get and export tell which networks; an unknown one is refused", async () => {
  const coordinator = start("coordinator", "--listen", "127.0.0.1:0", "--store", "memory:");
  const address = (await coordinator.printed(/listening on (\S+)/))[1] ?? "";
  const cli = (...args: readonly string[]) => runCli(args, folder.path, { FPNAS_COORDINATOR: address });
  start("worker", "--coordinator", address);
  const ladder = { evaluator: { tabular: { table: writeTable(folder.path, 4) } }, budget: { trials: 10 } };
  const reusing = { ...ladder, seed: 2, reuse: ["first"] };
  expect((await cli("submit", writeSpec(folder.path, "first.yaml", ladder))).code).toBe(0);
  expect((await cli("watch", "first")).code).toBe(0);
  expect((await cli("submit", writeSpec(folder.path, "again.yaml", reusing))).code).toBe(0);
  expect((await cli("watch", "again")).code).toBe(0);

  expect((await cli("trials", "again")).stdout).toMatch(/completed \(reused from first\/\d+\)/);
  expect((await cli("get", "again")).stdout).toMatch(/^10 trials of \d+ networks \(\d+ reused from earlier jobs\)/m);
  expect((await cli("export", "again", "--out", "out")).code).toBe(0);
  const report = readFileSync(join(folder.path, "out/report.html"), "utf8");
  expect(report).toMatch(/completed: reused from first\/\d+/);
  expect(report).toMatch(/networks \(\d+ reused from earlier jobs\)/);

  const lost = await cli("submit", writeSpec(folder.path, "lost.yaml", { ...reusing, reuse: ["none"] }));
  expect(lost.code).toBe(2);
  expect(lost.stderr).toMatch(/^error: reuse\[0\]: there is no job none in project default of .*$/m);
  expect(lost.stderr).not.toMatch(/^ {4}at /m);
});

test("a cancelled job: cancel tells its state, watch exits with 4", async () => {
  const coordinator = start("coordinator", "--listen", "127.0.0.1:0", "--store", "memory:");
  const env = { FPNAS_COORDINATOR: (await coordinator.printed(/listening on (\S+)/))[1] ?? "" };
  const spec = writeSpec(folder.path, "ladder.yaml", {
    evaluator: { tabular: { table: writeTable(folder.path, 2) } },
  });
  expect((await runCli(["submit", spec, "--json"], folder.path, env)).code).toBe(0);
  const cancel = await runCli(["cancel", "ladder"], folder.path, env);
  expect(cancel).toMatchObject({ code: 0, stdout: "projects/default/jobs/ladder  cancelled\n" });
  expect((await runCli(["watch", "ladder"], folder.path, env)).code).toBe(4);
  // No worker has come: nothing is left to stop but the coordinator.
  coordinator.kill("SIGTERM");
  expect((await coordinator.ended).code).toBe(143);
});

test("a store that another coordinator holds is refused with 2", async () => {
  const first = start("coordinator", "--listen", "127.0.0.1:0", "--store", "sqlite:state.db");
  await first.printed(/listening on/);
  const second = await runCli(["coordinator", "--listen", "127.0.0.1:0", "--store", "sqlite:state.db"], folder.path);
  expect(second.code).toBe(2);
  expect(second.stderr).toMatch(/^error: /m);
});
