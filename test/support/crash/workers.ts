/** Workers of several coordinators in one process: `node workers.js HOST:PORT..`. It ends when its stdin does. */
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";

import { createTabularEvaluator } from "../../../worker/evaluator/tabular.ts";
import type { Evaluator } from "../../../worker/evaluator/evaluator.ts";
import { startWorker } from "../../../worker/serve.ts";
import { workersEach } from "./job.ts";

/** As the tabular evaluator, a few milliseconds late: outcomes then arrive one by one, and so each is a commit. */
function unhurried(evaluator: Evaluator): Evaluator {
  return {
    name: evaluator.name,
    evaluate: async (...of) => {
      await sleep(5 + 10 * Math.random());
      return await evaluator.evaluate(...of);
    },
  };
}

const logger = pino({ level: "silent" });
for (const coordinator of process.argv.slice(2)) {
  for (let index = 1; index <= workersEach; index += 1) {
    const identity = { workerId: `worker-${index}`, host: "", backend: "" };
    startWorker({ ...identity, coordinator, evaluators: [unhurried(createTabularEvaluator())], logger });
  }
}
process.stdin.resume().on("end", () => process.exit());
