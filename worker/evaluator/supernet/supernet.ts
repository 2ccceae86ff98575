import { performance } from "node:perf_hooks";
import type { SupernetEvaluation } from "../../../network/evaluation.ts";
import type { Measurement } from "../../../network/measurement.ts";
import type { Graph } from "../../../network/types.ts";
import type { Backend } from "../../backend/backend.ts";
import { trainingBatches, type Batch } from "../../data/batches.ts";
import type { Dataset } from "../../data/dataset.ts";
import { buildModel, type Model } from "../../model/model.ts";
import { calibrateModel } from "../calibrate.ts";
import { checkFit } from "../check-fit.ts";
import { EvaluationError, type EvaluationContext, type Evaluator } from "../evaluator.ts";
import { scoreModel, type Score } from "../score.ts";
import { withModel } from "../with-model.ts";
import { scoreBatch } from "./batch-score.ts";
import { makeLocalSteps } from "./local-steps.ts";
import { Prefetch } from "./prefetch.ts";
import { bytesOf, changesOf, loadWeights, slicesOf } from "./slices.ts";

/** The validation batch of a round: the same for all its trials. */
function validationBatch(dataset: Dataset, { evalExamples, validationSeed }: SupernetEvaluation): Batch {
  const batches = trainingBatches(dataset, dataset.validation, evalExamples, validationSeed, 0);
  return (batches.next() as IteratorYieldResult<Batch>).value;
}

function checkParts(dataset: Dataset, { localSteps, evalExamples }: SupernetEvaluation): void {
  const { count } = dataset.validation;
  if (localSteps === 0 || (evalExamples >= 1 && evalExamples <= count)) return;
  const detail = `A validation batch must have from 1 to the ${count} validation images of ${dataset.name}, not ${evalExamples}.`;
  throw new EvaluationError("infeasible", detail);
}

function checkScore(score: Score): Score {
  if (Number.isFinite(score.loss)) return score;
  throw new EvaluationError("nan_loss", `The validation loss is ${score.loss} at the shared weights.`);
}

/** With local steps: the round's validation batch at the weights as they came, then the steps, then what they changed. */
async function trainSlices(
  model: Model,
  dataset: Dataset,
  graph: Graph,
  evaluation: SupernetEvaluation,
  values: readonly Float32Array[],
  { signal, weights }: EvaluationContext,
): Promise<Measurement> {
  const { localSteps, version, precision } = evaluation;
  const score = checkScore(await scoreBatch(model, dataset, validationBatch(dataset, evaluation)));
  const trainLoss = await makeLocalSteps(model, dataset, evaluation, signal);
  const changes = await changesOf(model, values, precision);
  const computedMs = performance.now();
  const update = await weights.put({ version, slices: slicesOf(graph), precision, values: changes });
  const putSeconds = (performance.now() - computedMs) / 1000;
  return { ...score, steps: localSteps, trainLoss, update, extra: { putSeconds, updateBytes: update.sizeBytes } };
}

/** Without: statistics from the train part, then the validation part. */
async function scoreSlices(
  model: Model,
  dataset: Dataset,
  { evalExamples }: SupernetEvaluation,
  signal: AbortSignal,
): Promise<Measurement> {
  await calibrateModel(model, dataset, dataset.train, signal);
  const limit = evalExamples === 0 ? Infinity : evalExamples;
  const score = checkScore(await scoreModel(model, dataset, dataset.validation, limit, signal));
  return { ...score, steps: 0, extra: {} };
}

/**
 * The evaluator that scores a network with its slices of a supernet's shared weights, on the backend in use, and trains them for a few steps
 * (fpnas.v1.SupernetEvaluation). It holds the slices of one network, and of the one prepared. Equal evaluations of equal weights give equal
 * measurements and updates on the same backend, bit for bit.
 *
 * Beside the score, `extra` holds where the time went, `waitSeconds` for data and weights, `computeSeconds` and `putSeconds` for the update,
 * and what travelled: `weightsBytes` here, `updateBytes` back.
 *
 * Rejects with EvaluationError `infeasible`, `unknown_operation`, `data_unavailable`, `nan_loss` or `out_of_memory`, and with BackendBrokenError,
 * as the evaluator by training does.
 */
export function createSupernetEvaluator(options: {
  readonly backend: Backend;
  readonly loadDataset: (name: string) => Promise<Dataset>;
}): Evaluator {
  const { backend, loadDataset } = options;
  const prefetch = new Prefetch();
  return {
    name: "supernet",
    prepare: (network, evaluation, context) => {
      if (evaluation.type !== "supernet" || network.type !== "graph") return;
      prefetch.begin(network, evaluation, context);
    },
    evaluate: async (network, evaluation, context) => {
      if (evaluation.type !== "supernet") throw new Error(`not an evaluation by shared weights: ${evaluation.type}`);
      if (network.type !== "graph") {
        throw new EvaluationError("infeasible", "A row of a table has no weights, only a graph.");
      }
      const startedMs = performance.now();
      const dataset = await loadDataset(evaluation.dataset);
      checkFit(network, dataset, evaluation.batch);
      checkParts(dataset, evaluation);
      const values = await prefetch.take(network, evaluation, context);
      context.signal.throwIfAborted();
      const waitSeconds = (performance.now() - startedMs) / 1000;
      const build = () => buildModel(network, evaluation.seed);
      const measurement = await withModel(backend, dataset, build, async (model) => {
        loadWeights(model, values);
        return evaluation.localSteps === 0
          ? scoreSlices(model, dataset, evaluation, context.signal)
          : trainSlices(model, dataset, network, evaluation, values, context);
      });
      const { extra } = measurement;
      const weightsBytes = bytesOf(values, evaluation.precision);
      const total = (performance.now() - startedMs) / 1000;
      const computeSeconds = total - waitSeconds - (extra["putSeconds"] ?? 0);
      return { ...measurement, extra: { ...extra, waitSeconds, computeSeconds, weightsBytes } };
    },
  };
}
