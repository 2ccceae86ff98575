import { performance } from "node:perf_hooks";
import type { TrainEvaluation } from "../../network/evaluation.ts";
import type { Measurement } from "../../network/measurement.ts";
import type { Graph } from "../../network/types.ts";
import type { Backend } from "../backend/backend.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Checkpoints } from "../checkpoint/checkpoints.ts";
import { createWeightAverage } from "../model/average.ts";
import { buildModel, type Model } from "../model/model.ts";
import { createMomentum } from "../model/momentum.ts";
import { calibrateModel } from "./calibrate.ts";
import { checkFit } from "./check-fit.ts";
import { EvaluationError, type EvaluationContext, type Evaluator } from "./evaluator.ts";
import { momentum } from "./momentum.ts";
import { scoreModel } from "./score.ts";
import { trainModel } from "./train-model.ts";
import { encodeTrained } from "../checkpoint/trained-file.ts";
import { loadWeights, slicesOf } from "./supernet/slices.ts";
import { openTeacher } from "./teacher.ts";
import { checkSize, readTrained } from "./trained-weights.ts";
import { readCheckpoint, restoreCheckpoint, takeCheckpoint } from "./training-checkpoint.ts";
import type { Training } from "./training.ts";
import { withModel } from "./with-model.ts";

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

/** The slices of shared weights that a training begins with; null where its weights are fresh. */
async function fetchStart(
  graph: Graph,
  { startVersion: version }: TrainEvaluation,
  { weights }: EvaluationContext,
): Promise<readonly Float32Array[] | null> {
  return version === undefined ? null : weights.fetch({ version, slices: slicesOf(graph), precision: "float32" });
}

/**
 * Trains and measures a model. The seconds are for people: they and the speed are of this attempt, which may have begun at the step of a
 * checkpoint (`resumedAtStep`, where it has).
 */
async function measure(
  model: Model,
  teacher: Model | null,
  dataset: Dataset,
  graph: Graph,
  evaluation: TrainEvaluation,
  context: EvaluationContext,
): Promise<Measurement> {
  const { signal, checkpoints } = context;
  const { steps, batch, part, evalExamples } = evaluation;
  if (evaluation.keepWeights) checkSize(model);
  const learned = part === "test" ? dataset.trainAndValidation : dataset.train;
  const { averageDecay } = evaluation.recipe;
  const training: Training = {
    model,
    optimizer: createMomentum(model.parameters, momentum, evaluation.weightDecay),
    average: averageDecay === 0 ? null : createWeightAverage(model, averageDecay),
    teacher,
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
    const evalSeconds = (performance.now() - trained) / 1000;
    const kept = evaluation.keepWeights
      ? { weights: await context.keepWeights(encodeTrained(await readTrained(graph, dataset.name, model))) }
      : {};
    const trainSeconds = (trained - started) / 1000;
    const imagesPerSecond = first === steps ? 0 : ((steps - first) * batch) / trainSeconds;
    const resumed = first === 0 ? {} : { resumedAtStep: first };
    return { accuracy, loss, steps, extra: { imagesPerSecond, trainSeconds, evalSeconds, ...resumed }, ...kept };
  } finally {
    withdraw();
    training.optimizer.dispose();
    training.average?.dispose();
  }
}

/**
 * The evaluator that trains a network, from scratch or from its slices of shared weights, beside a teacher where there is one, on the backend
 * in use, and measures it; in final trainings it keeps the weights. For `part: validation` it trains on the train
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
      checkFit(network, dataset, evaluation.batch);
      context.signal.throwIfAborted();
      const start = await fetchStart(network, evaluation, context);
      const build = () => buildModel(network, evaluation.seed);
      return withModel(backend, dataset, build, async (model) => {
        if (start !== null) loadWeights(model, start);
        const teacher =
          evaluation.teacher === undefined ? null : await openTeacher(evaluation.teacher, dataset, context);
        try {
          return await measure(model, teacher, dataset, network, evaluation, context);
        } finally {
          teacher?.dispose();
        }
      });
    },
  };
}
