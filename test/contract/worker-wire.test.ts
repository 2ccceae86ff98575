import pino from "pino";
import { createTabularEvaluator } from "../../worker/evaluator/tabular.ts";
import { startWorker } from "../../worker/serve.ts";
import { describeWorkerWire } from "../support/worker-wire-suite.ts";

describeWorkerWire("the worker of this repository", (coordinator) => {
  const worker = startWorker({
    coordinator,
    workerId: "worker-1.test",
    host: "here",
    backend: "",
    evaluators: [createTabularEvaluator()],
    logger: pino({ level: "silent" }),
  });
  const gaveUp = new Promise<void>((resolve) => {
    worker.done.catch(() => resolve());
  });
  return { stop: () => worker.stop(), gaveUp };
});
