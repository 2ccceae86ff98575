import { performance } from "node:perf_hooks";
import type { TrainEvaluation } from "../../network/evaluation.ts";
import type { Measurement } from "../../network/measurement.ts";
import type { Graph, Shape } from "../../network/types.ts";
import { BackendBrokenError, type Backend } from "../backend/backend.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Checkpoints } from "../checkpoint/checkpoints.ts";
import { createWeightAverage } from "../model/average.ts";
import { buildModel, type Model } from "../model/model.ts";
import { createMomentum } from "../model/momentum.ts";
import { calibrateModel } from "./calibrate.ts";
import { EvaluationError, type EvaluationContext, type Evaluator } from "./evaluator.ts";
import { scoreModel } from "./score.ts";
import { trainModel } from "./train-model.ts";
import { readCheckpoint, restoreCheckpoint, takeCheckpoint } from "./training-checkpoint.ts";
import type { Training } from "./training.ts";

const momentum = 0.9;

/** Failures of an allocation: ours, the wasm module's, JavaScript's and TensorFlow's. */
const outOfMemory =
  /out of memory|OOM|memory access out of bounds|array buffer allocation failed|invalid typed array length|ResourceExhausted/i;

const text = ({ height, width, channels }: Shape): string => `${height}x${width}x${channels}`;

function checkInput(graph: Graph, dataset: Dataset, batch: number): void {
  if (text(graph.input) !== text(dataset.input)) {
    const detail = `The network takes ${text(graph.input)}, but an image of ${dataset.name} is ${text(dataset.input)}.`;
    throw new EvaluationError("infeasible", detail);
  }
  if (batch > dataset.train.count) {
    const detail = `A batch of ${batch} is more than the ${dataset.train.count} train images of ${dataset.name}.`;
    throw new EvaluationError("infeasible", detail);
  }
}

/** Takes a fresh training to where an earlier attempt left it, where one left anything that fits. */
async function resume(
  training: Training,
  graph: Graph,
  evaluation: TrainEvaluation,
  checkpoints: Checkpoints,
): Promise<void> {
  const saved = await checkpoints.resume((bytes) => readCheckpoint(graph, evaluation, training, bytes));
  if (saved !== null) restoreCheckpoint(training, saved);
}

/**
 * Trains and measures a model. The seconds are for people: they and the speed are of this attempt, which may have begun at the step of a
 * checkpoint (`resumedAtStep`, where it has).
 */
async function measure(
  model: Model,
  dataset: Dataset,
  graph: Graph,
  evaluation: TrainEvaluation,
  { signal, checkpoints }: EvaluationContext,
): Promise<Measurement> {
  if (model.outputs !== dataset.classes) {
    const detail = `The network tells ${model.outputs} classes apart, but ${dataset.name} has ${dataset.classes}.`;
    throw new EvaluationError("infeasible", detail);
  }
  const { steps, batch, part, evalExamples } = evaluation;
  const learned = part === "test" ? dataset.trainAndValidation : dataset.train;
  const { averageDecay } = evaluation.recipe;
  const training: Training = {
    model,
    optimizer: createMomentum(model.parameters, momentum, evaluation.weightDecay),
    average: averageDecay === 0 ? null : createWeightAverage(model, averageDecay),
    step: 0,
  };
  let withdraw = (): void => undefined;
  try {
    await resume(training, graph, evaluation, checkpoints);
    const first = training.step;
    withdraw = checkpoints.offer(() => takeCheckpoint(graph, evaluation, training));
    const started = performance.now();
    await trainModel(training, dataset, learned, evaluation, signal);
    training.average?.apply();
    await calibrateModel(model, dataset, learned, signal);
    const trained = performance.now();
    const { accuracy, loss } = await scoreModel(model, dataset, dataset[part], evalExamples || Infinity, signal);
    if (!Number.isFinite(loss))
      throw new EvaluationError("nan_loss", `The ${part} loss is ${loss} after ${steps} steps.`);
    const trainSeconds = (trained - started) / 1000;
    const evalSeconds = (performance.now() - trained) / 1000;
    const imagesPerSecond = first === steps ? 0 : ((steps - first) * batch) / trainSeconds;
    const resumed = first === 0 ? {} : { resumedAtStep: first };
    return { accuracy, loss, steps, extra: { imagesPerSecond, trainSeconds, evalSeconds, ...resumed } };
  } finally {
    withdraw();
    training.optimizer.dispose();
    training.average?.dispose();
  }
}

/** Disposes a model whose backend may be broken: what then cannot be freed goes with the backend. */
function disposeBroken(model: Model | undefined): void {
  try {
    model?.dispose();
  } catch {
    // The restart that follows frees the whole heap.
  }
}

/**
 * The evaluator that trains a network from scratch, on the backend in use, and measures it. For `part: validation` it trains on the train
 * part; for `test` on train and validation together, and the test part is read then only. Weights and the order of the examples follow from
 * the seed: the same backend gives the same measurement, bit for bit, also where it goes on from a checkpoint. A checkpoint that does not fit
 * is let be, and the training begins anew.
 *
 * Rejects with EvaluationError `infeasible` (the network does not fit the data set), `unknown_operation`, `data_unavailable`, `nan_loss`, or
 * `out_of_memory`; after the last the backend has been started afresh, and the next network finds all memory free. Rejects with
 * BackendBrokenError where the backend failed otherwise and was started afresh, or with the reason why it cannot be started any more.
 */
export function createTrainEvaluator(options: {
  readonly backend: Backend;
  readonly loadDataset: (name: string) => Promise<Dataset>;
}): Evaluator {
  const { backend, loadDataset } = options;
  return {
    name: "train",
    evaluate: async (network, evaluation, context) => {
      if (evaluation.type !== "train") throw new Error(`not an evaluation by training: ${evaluation.type}`);
      if (network.type !== "graph") {
        throw new EvaluationError("infeasible", "A row of a table cannot be trained, only a graph.");
      }
      const dataset = await loadDataset(evaluation.dataset);
      checkInput(network, dataset, evaluation.batch);
      context.signal.throwIfAborted();
      let model: Model | undefined;
      try {
        model = buildModel(network, evaluation.seed);
        return await measure(model, dataset, network, evaluation, context);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const isMemory = !(error instanceof EvaluationError) && outOfMemory.test(message);
        if (!isMemory && !(error instanceof BackendBrokenError)) throw error;
        disposeBroken(model);
        model = undefined;
        await backend.restart();
        if (!isMemory) throw error;
        throw new EvaluationError("out_of_memory", `The network does not fit: ${message}`, { cause: error });
      } finally {
        model?.dispose();
      }
    },
  };
}
