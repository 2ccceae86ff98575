import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import Database from "better-sqlite3";
import { useFolder, writeSpec, writeTable } from "../support/cli-files.ts";
import { CliProcess, lastJson, runCli } from "../support/cli-process.ts";

const folder = useFolder();
const started: CliProcess[] = [];

afterEach(async () => {
  for (const process of started) process.killGroup("SIGKILL");
  await Promise.all(started.map(({ ended }) => ended));
  started.length = 0;
});

async function serve(): Promise<{ coordinator: CliProcess; env: Record<string, string> }> {
  const args = ["coordinator", "--listen", "127.0.0.1:0", "--store", "sqlite:state.db"];
  const coordinator = new CliProcess(args, folder.path);
  started.push(coordinator);
  return { coordinator, env: { FPNAS_COORDINATOR: (await coordinator.printed(/listening on (\S+)/))[1] ?? "" } };
}

test("replay tells that a job's state follows from its log, and where it does not once the log was changed", async () => {
  const { coordinator, env } = await serve();
  const spec = writeSpec(folder.path, "ladder.json", {
    ...{ algorithm: { name: "fp-nas" }, evaluator: { tabular: { table: writeTable(folder.path, 4) } } },
    budget: { trials: 40 },
  });
  expect((await runCli(["submit", spec], folder.path, env)).code).toBe(0);
  started.push(new CliProcess(["worker"], folder.path, env));
  expect((await runCli(["watch", "ladder"], folder.path, env)).code).toBe(0);

  const replay = await runCli(["replay", "ladder"], folder.path, env);
  expect(replay).toMatchObject({ code: 0, stderr: "" });
  const [title, counts, verdict] = replay.stdout.trimEnd().split("\n");
  expect(title).toBe("projects/default/jobs/ladder  succeeded");
  expect(counts).toMatch(/^\d+ events, \d+ rounds, 40 trials, entropy \d\.\d{3} nats$/);
  expect(verdict).toMatch(/^identical to the stored state, which is that after event \d+$/);

  coordinator.kill("SIGINT");
  await coordinator.ended;
  const state = new Database(join(folder.path, "state.db"));
  const lie = `update events set json = replace(json, '"accuracy":0.', '"accuracy":0.1')`;
  const change = state.prepare(`${lie} where seq = (select min(seq) from events where json like '%trialCompleted%')`);
  expect(change.run().changes).toBe(1);
  state.close();

  const changed = await runCli(["replay", "ladder", "--json"], folder.path, (await serve()).env);
  expect(changed.code).toBe(1);
  expect(changed.stderr).toMatch(
    /^error: event 3: trials\[1\]\.measurement\.accuracy: 0\.1\d* by the log, 0\.\d+ as stored$/m,
  );
  expect(changed.stderr).toMatch(/^error: event \d+: state\.\S+: .* by the log, .* as stored$/m);
  expect(changed.stderr).not.toMatch(/^ {4}at /m);
  expect(lastJson(changed)).toMatchObject({
    ...{ job: "projects/default/jobs/ladder", state: "succeeded", identical: false },
    differences: [{ event: 3, path: "trials[1].measurement.accuracy" }, { path: expect.stringMatching(/^state\./) }],
  });
});
