import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";

import { afterEach, beforeEach, expect, test } from "@jest/globals";

import { replayJob } from "../../cli/replay/replay-log.ts";
import { FpnasClient } from "../../client/client.ts";
import type { Job } from "../../client/types.ts";
import { createTabularEvaluator } from "../../worker/evaluator/tabular.ts";
import { startWorker } from "../../worker/serve.ts";
import { builtProgram } from "../support/built-program.ts";
import { crashJob } from "../support/crash/job.ts";
import { silent } from "../support/scheduling-bench.ts";
import { useFolder } from "../support/cli-files.ts";

const folder = useFolder();
let coordinator: ChildProcess;
let client: FpnasClient;

/** Hears what the coordinator says, line by line; `said` resolves once `count` lines have matched. */
function listen(stream: NodeJS.ReadableStream): { said(pattern: RegExp, count?: number): Promise<string> } {
  const lines: string[] = [];
  const reader = createInterface({ input: stream });
  reader.on("line", (line) => lines.push(line));
  return {
    async said(pattern, count = 1) {
      for (;;) {
        const found = lines.filter((line) => pattern.test(line));
        if (found.length >= count) return found.at(-1)!;
        await once(reader, "line");
      }
    },
  };
}

/** A coordinator none of whose files may be longer; without the trap the signal of it would end the process. */
beforeEach(() => {
  const limited = 'trap "" XFSZ; ulimit -S -f 1024; exec "$0" "$@"';
  const args = [builtProgram("cli/main.ts"), "coordinator", "--listen", "127.0.0.1:0", "--store", "sqlite:state.db"];
  coordinator = spawn("sh", ["-c", limited, process.execPath, ...args], {
    cwd: folder.path,
    stdio: ["ignore", "pipe", "pipe"],
  });
});

afterEach(async () => {
  client.close();
  const exited = once(coordinator, "exit");
  coordinator.kill("SIGKILL");
  await exited;
});

async function end(name: string): Promise<Job> {
  let last: Job | null = null;
  for await (const job of client.watchJob(name)) last = job;
  return last!;
}

// The limit of a process that runs can be lifted on Linux only.
const onLinux = existsSync("/proc/self/limits") ? test : test.skip;

onLinux(
  "a coordinator whose disk is full keeps its jobs, and goes on without a loss once there is room",
  async () => {
    const out = listen(coordinator.stdout!);
    const log = listen(coordinator.stderr!);
    const address = /\S+$/.exec(await out.said(/^listening on/))![0];
    client = new FpnasClient(address);
    const identity = { workerId: "w", host: "", backend: "" };
    const worker = startWorker({
      ...identity,
      coordinator: address,
      evaluators: [createTabularEvaluator()],
      logger: silent,
    });
    const { name } = await client.createJob({ ...crashJob, jobId: "full" });

    const refusal = JSON.parse(await log.said(/store unavailable, trying again/, 3)) as { err: { code: string } };
    expect(refusal.err.code).toBe("unavailable");
    const stuck = await client.getJob(name);
    expect(stuck).toMatchObject({ state: "running", error: null });
    expect(stuck.progress.trialsEnded).toBeLessThan(200);
    expect(await replayJob(client, name)).toMatchObject({ identical: true });

    execFileSync("prlimit", [`--pid=${coordinator.pid}`, "--fsize=unlimited"]);
    const done = await end(name);
    expect(done).toMatchObject({ state: "succeeded", progress: { trialsEnded: 200, trialsCreated: 200 } });
    const again = await end((await client.createJob({ ...crashJob, jobId: "roomy" })).name);
    expect(done.result!.distribution).toEqual(again.result!.distribution);
    expect(await replayJob(client, name)).toMatchObject({ trials: 200, identical: true });
    const attempts: number[] = [];
    for await (const trial of client.listTrials(name)) attempts.push(trial.attempts);
    expect(attempts).toEqual(Array.from({ length: 200 }, () => 1));
    await worker.stop();
  },
  120_000,
);
