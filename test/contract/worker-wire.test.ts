import { afterEach, expect, test } from "@jest/globals";
import pino from "pino";
import { createTabularEvaluator } from "../../worker/evaluator/tabular.ts";
import { startWorker, type RunningWorker } from "../../worker/serve.ts";
import { ScriptedCoordinator } from "../support/worker-scripted-coordinator.ts";
import { describeWorkerWire } from "../support/worker-wire-suite.ts";

function start(coordinator: string): RunningWorker {
  return startWorker({
    coordinator,
    workerId: "worker-1.test",
    host: "here",
    backend: "",
    evaluators: [createTabularEvaluator()],
    logger: pino({ level: "silent" }),
  });
}

describeWorkerWire("the worker of this repository", (coordinator) => {
  const worker = start(coordinator);
  const gaveUp = new Promise<void>((resolve) => {
    worker.done.catch(() => resolve());
  });
  return { stop: () => worker.stop(), gaveUp };
});

const started: ScriptedCoordinator[] = [];

afterEach(() => {
  for (const coordinator of started.splice(0)) coordinator.kill();
});

async function serve(): Promise<ScriptedCoordinator> {
  const coordinator = await ScriptedCoordinator.start();
  started.push(coordinator);
  return coordinator;
}

test("a worker with several coordinators goes from one that is gone to the next, round and round", async () => {
  const [one, other] = [await serve(), await serve()];
  one.kill();
  const worker = start(`${one.address},${other.address}`);
  await (await other.streams.at(0)).requests.at(0);
  await one.listen();
  other.kill();
  await (await one.streams.at(0)).requests.at(0);
  await other.listen();
  one.kill();
  await (await other.streams.at(1)).requests.at(0);
  await worker.stop();
  expect(other.registrations.items).toHaveLength(2);
});
