/**
 * A worker of a supernet's job on small made-up images that kills itself with SIGKILL at a step: `node worker.js COORDINATOR ID STEP`. Steps are the
 * beginning and the end of each evaluation, and of each fetch and put of weights. It ends when its stdin does.
 */
import { pino } from "pino";

import { selectBackend } from "../../../../worker/backend/select-backend.ts";
import type { Evaluator, SharedWeights } from "../../../../worker/evaluator/evaluator.ts";
import { createSupernetEvaluator } from "../../../../worker/evaluator/supernet/supernet.ts";
import { createTrainEvaluator } from "../../../../worker/evaluator/train.ts";
import { startWorker } from "../../../../worker/serve.ts";
import { withMethods } from "../../scheduling-storage.ts";
import { bandsDataset } from "../../training-networks.ts";
import { Steps } from "./steps.ts";

const [coordinator = "", workerId = "", step = "0"] = process.argv.slice(2);
const steps = new Steps(Number(step));

async function noting<T>(name: string, run: () => Promise<T>): Promise<T> {
  steps.take(`${name} begins`);
  const result = await run();
  steps.take(`${name} done`);
  return result;
}

const watched = new WeakMap<object, SharedWeights>();

/** The same for the same weights: a lease that is prepared and then evaluated has one. */
function watch(weights: SharedWeights): SharedWeights {
  const known = watched.get(weights) ?? {
    fetch: (request) => noting("fetch", () => weights.fetch(request)),
    put: (update) => noting("put", () => weights.put(update)),
  };
  watched.set(weights, known);
  return known;
}

const contexts = new WeakMap<object, Parameters<Evaluator["evaluate"]>[2]>();

function stepwise(evaluator: Evaluator): Evaluator {
  const contextOf = (context: Parameters<Evaluator["evaluate"]>[2]) => {
    const known = contexts.get(context) ?? { ...context, weights: watch(context.weights) };
    contexts.set(context, known);
    return known;
  };
  return withMethods(evaluator, {
    prepare: (network, evaluation, context) => evaluator.prepare?.(network, evaluation, contextOf(context)),
    evaluate: (network, evaluation, context) =>
      noting("evaluation", () => evaluator.evaluate(network, evaluation, contextOf(context))),
  });
}

const backend = await selectBackend("wasm");
const dataset = bandsDataset({ height: 28, width: 28, channels: 1 }, 10, { train: 64, validation: 64, test: 32 });
const parts = { backend, loadDataset: () => Promise.resolve(dataset) };
const evaluators = [createSupernetEvaluator(parts), createTrainEvaluator(parts)].map(stepwise);
const logger = pino({ level: "silent" });
const worker = startWorker({ coordinator, workerId, host: "", backend: backend.name, evaluators, logger });
process.stdin.resume().on("end", () => process.exit());
await worker.done;
