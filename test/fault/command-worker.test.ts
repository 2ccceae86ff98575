import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Lease } from "../../proto/gen/fpnas/v1/Lease.ts";
import { useFolder } from "../support/cli-files.ts";
import { CliProcess } from "../support/cli-process.ts";
import { allGone, deafFamily, workingFolders } from "../support/command-bench.ts";
import { ScriptedCoordinator, type ScriptedStream } from "../support/worker-scripted-coordinator.ts";

const folder = useFolder();
let coordinator: ScriptedCoordinator;
let worker: CliProcess;
let stream: ScriptedStream;

beforeEach(async () => {
  coordinator = await ScriptedCoordinator.start();
  worker = new CliProcess(["worker", "--allow-commands", "--coordinator", coordinator.address], folder.path);
  stream = await coordinator.streams.at(0);
});

afterEach(async () => {
  coordinator.kill();
  worker.killGroup("SIGKILL");
  await worker.ended;
});

/** A trial of a program, for which it may take so long. */
function leaseOf(run: string[], timeLimitMs = 0): Lease {
  const graph = { input: { height: 8, width: 8, channels: 1 }, layers: [{ globalPool: {} }, { dense: { units: 2 } }] };
  return {
    key: { trial: "projects/default/jobs/j/trials/1", leaseToken: 1 },
    network: { graph },
    evaluation: { command: { run, part: "DATA_PART_VALIDATION" }, seed: 7, timeLimitMs },
  };
}

/** A program that, with its child, neither ends nor listens to being told to. */
const deaf = leaseOf([process.execPath, "-e", deafFamily]);

/** Leases the deaf trial, and gives the ids of its processes once they are deaf. */
async function leaseDeaf(): Promise<readonly number[]> {
  stream.lease(deaf);
  const [, parent] = await worker.printed(/"parent (\d+)"/);
  const [, child] = await worker.printed(/"child (\d+)"/);
  return [Number(parent), Number(child)];
}

test("a worker whose operator allows programs registers the evaluator", () => {
  expect(coordinator.registrations.items[0]?.evaluators).toContain("command");
});

test("a worker that is killed with -9 leaves no process of a program behind, and no folder", async () => {
  const pids = await leaseDeaf();
  worker.kill("SIGKILL");
  await worker.ended;
  await allGone(pids);
  while (workingFolders(worker.pid).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
});

test("a worker that is stopped gives the trial back at once, kills the program with its children and ends with 0", async () => {
  const pids = await leaseDeaf();
  worker.kill("SIGTERM");
  expect((await stream.outcomeOf(deaf)).failure?.reason).toBe("FAILURE_REASON_PREEMPTED");
  stream.acknowledge(deaf);
  expect(await worker.ended).toMatchObject({ code: 0 });
  await allGone(pids);
  expect(workingFolders(worker.pid)).toEqual([]);
});

test("a worker whose lease is revoked kills the program, reports nothing of it and takes the next trial", async () => {
  const pids = await leaseDeaf();
  stream.send({ revoked: [deaf.key!] });
  await allGone(pids);
  await stream.requests.until(() => stream.wanted > 1);
  expect(stream.outcomes).toEqual([]);
});

test("a program that runs past its time limit is killed, and reported as timed out", async () => {
  const lease = leaseOf(["sh", "-c", "echo pid $$; exec sleep 1000"], 1_500);
  stream.lease(lease);
  const [, pid] = await worker.printed(/"pid (\d+)"/);
  const { failure } = await stream.outcomeOf(lease);
  expect(failure).toEqual({ reason: "FAILURE_REASON_TIMED_OUT", detail: "the evaluation took longer than 1.5 s" });
  await allGone([Number(pid)]);
});

test("a worker whose operator says nothing does not have the evaluator", async () => {
  const plain = new CliProcess(["worker", "--coordinator", coordinator.address], folder.path);
  const registration = await coordinator.registrations.at(1);
  expect(registration.evaluators).not.toContain("command");
  plain.kill("SIGTERM");
  await plain.ended;
});
