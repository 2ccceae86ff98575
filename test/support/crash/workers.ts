/** Workers of several coordinators in one process: `node workers.js HOST:PORT..`. It ends when its stdin does. */
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";

import { FileSource } from "../../../worker/client/file-source.ts";
import { openCoordinator } from "../../../worker/client/grpc-coordinator.ts";
import { systemTimers } from "../../../worker/client/timers.ts";
import type { Evaluator } from "../../../worker/evaluator/evaluator.ts";
import { createTabularEvaluator } from "../../../worker/evaluator/tabular.ts";
import { Runner } from "../../../worker/runner.ts";
import { workersEach } from "./job.ts";
import { oneByOne, Turnstile } from "./one-by-one.ts";

/** As the tabular evaluator, some milliseconds late: outcomes then come in another order each time. */
function unhurried(evaluator: Evaluator): Evaluator {
  return {
    name: evaluator.name,
    evaluate: async (...of) => {
      await sleep(4 * Math.random());
      return await evaluator.evaluate(...of);
    },
  };
}

const logger = pino({ level: "silent" });
const random = Math.random;
for (const address of process.argv.slice(2)) {
  const turnstile = new Turnstile();
  for (let index = 1; index <= workersEach; index += 1) {
    const coordinator = oneByOne(openCoordinator(address), turnstile);
    const registration = { workerId: `worker-${index}`, host: "", backend: "", evaluators: ["tabular"] };
    const files = new FileSource(coordinator, systemTimers, random);
    const evaluators = [unhurried(createTabularEvaluator())];
    new Runner({ registration, evaluators, coordinator, files, timers: systemTimers, random, logger }).start();
  }
}
process.stdin.resume().on("end", () => process.exit());
