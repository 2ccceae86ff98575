import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "@jest/globals";
import { FpnasClient } from "../../client/client.ts";
import type { Trial } from "../../client/types.ts";
import { startCoordinator, type RunningCoordinator } from "../../coordinator/serve.ts";
import { useFolder } from "../support/cli-files.ts";
import { silent } from "../support/scheduling-bench.ts";

const program = fileURLToPath(new URL("../../dist/test/support/misbehaving-worker.js", import.meta.url));
const folder = useFolder();
const job = "projects/default/jobs/j";
/** Far longer than these tests take: what is leased again before has been given back. */
const longTtlMs = 3_600_000;

let coordinator: RunningCoordinator;
let client: FpnasClient;
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  client.close();
  await coordinator.stop();
});

async function submit(leaseTtlMs: number, trials: number): Promise<void> {
  const place = { store: "memory:", weights: null };
  const config = { listen: "127.0.0.1:0", advertise: null, health: null, ...place, leaseTtlMs, logger: silent };
  coordinator = await startCoordinator(config);
  client = new FpnasClient(coordinator.address);
  await client.createJob({
    spec: {
      space: "mbconv-small",
      algorithm: { name: "random" },
      evaluator: { train: { dataset: "fashion-mnist", steps: 5 } },
      budget: { trials },
    },
    jobId: "j",
  });
}

function start(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [program, coordinator.address, ...args], { stdio: "ignore" });
  children.push(child);
  return child;
}

async function allTrials(): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for await (const trial of client.listTrials(job)) trials.push(trial);
  return trials;
}

async function until(holds: (trials: readonly Trial[]) => boolean): Promise<readonly Trial[]> {
  for (;;) {
    const trials = await allTrials();
    if (holds(trials)) return trials;
  }
}

describe("a worker process whose evaluator never ends", () => {
  test("ends well soon after SIGTERM, and its trial is leased again without waiting for the deadline", async () => {
    await submit(longTtlMs, 1);
    const first = start("hang");
    const [{ workerId }] = (await until(([trial]) => trial?.state === "leased")) as [Trial];
    start("hang");
    const exited = once(first, "exit");
    first.kill("SIGTERM");
    const [again] = await until(([trial]) => trial?.workerId !== workerId && trial?.state === "leased");
    expect(again).toMatchObject({ attempts: 2, endedAttempts: { preempted: 1, lost: 0 } });
    expect(await exited).toEqual([0, null]);
  });

  test("ends at once at the second SIGTERM", async () => {
    await submit(longTtlMs, 1);
    const worker = start("hang");
    await until(([trial]) => trial?.state === "leased");
    const exited = once(worker, "exit");
    worker.kill("SIGTERM");
    await until(([trial]) => trial?.endedAttempts.preempted === 1);
    worker.kill("SIGTERM");
    expect(await exited).toEqual([143, null]);
  });
});

test("a network that kills its workers takes three of a supervised pool's down, and the job goes on to its end", async () => {
  await submit(1_500, 4);
  const file = join(folder.path, "killer");
  let deaths = 0;
  let isOver = false;
  // As a pool or a cluster does it: whoever dies is started again.
  const supervise = (): void => {
    const child = start("die", file);
    child.once("exit", (_, signal) => {
      if (signal === "SIGKILL" && !isOver) {
        deaths += 1;
        supervise();
      }
    });
  };
  supervise();
  supervise();
  let state = "running";
  for await (const view of client.watchJob(job)) ({ state } = view);
  isOver = true;
  expect(state).toBe("succeeded");
  expect(deaths).toBe(3);
  const trials = await allTrials();
  const quarantined = trials.filter(({ failure }) => failure?.reason === "quarantined");
  expect(quarantined).toMatchObject([{ state: "failed", attempts: 3, endedAttempts: { lost: 3 } }]);
  expect(quarantined[0]?.failure?.detail).toMatch(/^the network took down 3 workers: \S+, \S+, \S+$/);
  expect(trials.filter((trial) => trial.state === "completed")).toHaveLength(3);
});
