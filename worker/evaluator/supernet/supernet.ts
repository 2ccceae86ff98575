import { performance } from "node:perf_hooks";
import type { SupernetEvaluation } from "../../../network/evaluation.ts";
import type { Measurement } from "../../../network/measurement.ts";
import type { Backend } from "../../backend/backend.ts";
import { trainingBatches, type Batch } from "../../data/batches.ts";
import type { Dataset } from "../../data/dataset.ts";
import { buildModel, type Model } from "../../model/model.ts";
import { calibrateModel } from "../calibrate.ts";
import { checkFit } from "../check-fit.ts";
import { EvaluationError, type Evaluator } from "../evaluator.ts";
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

/** What was measured, and what the trial would change of each slice; null without local steps. */
interface Trained {
  readonly measurement: Omit<Measurement, "extra">;
  readonly changes: readonly Float32Array[] | null;
}

/** With local steps: the round's validation batch at the weights as they came, then the steps, then what they changed. */
async function trainSlices(
  model: Model,
  dataset: Dataset,
  evaluation: SupernetEvaluation,
  values: readonly Float32Array[],
  signal: AbortSignal,
): Promise<Trained> {
  const { localSteps, precision } = evaluation;
  const score = checkScore(await scoreBatch(model, dataset, validationBatch(dataset, evaluation)));
  const trainLoss = await makeLocalSteps(model, dataset, evaluation, signal);
  const changes = await changesOf(model, values, precision);
  return { measurement: { ...score, steps: localSteps, trainLoss }, changes };
}

/** Without: statistics from the train part, then the validation part. */
async function scoreSlices(
  model: Model,
  dataset: Dataset,
  { evalExamples }: SupernetEvaluation,
  signal: AbortSignal,
): Promise<Trained> {
  await calibrateModel(model, dataset, dataset.train, signal);
  const limit = evalExamples === 0 ? Infinity : evalExamples;
  const score = checkScore(await scoreModel(model, dataset, dataset.validation, limit, signal));
  return { measurement: { ...score, steps: 0 }, changes: null };
}

/**
 * The evaluator that scores a network with its slices of a supernet's shared weights, on the backend in use, and trains them for a few steps
 * (fpnas.v1.SupernetEvaluation). It holds the slices of one network, of the one prepared, and of the one whose update is being sent, which the
 * next evaluation need not wait for. Equal evaluations of equal weights give equal
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
      const { signal, weights } = context;
      const startedMs = performance.now();
      const dataset = await context.wait(loadDataset(evaluation.dataset));
      checkFit(network, dataset, evaluation.batch);
      checkParts(dataset, evaluation);
      const values = await context.wait(prefetch.take(network, evaluation, context));
      signal.throwIfAborted();
      const begunMs = performance.now();
      const build = () => buildModel(network, evaluation.seed);
      const { measurement, changes } = await withModel(backend, dataset, build, async (model) => {
        loadWeights(model, values);
        return evaluation.localSteps === 0
          ? scoreSlices(model, dataset, evaluation, signal)
          : trainSlices(model, dataset, evaluation, values, signal);
      });
      const computedMs = performance.now();
      const [waitSeconds, computeSeconds] = [(begunMs - startedMs) / 1000, (computedMs - begunMs) / 1000];
      const { version, precision } = evaluation;
      const extra = { waitSeconds, computeSeconds, weightsBytes: bytesOf(values, precision) };
      if (changes === null) return { ...measurement, extra };
      context.computed();
      const update = await weights.put({ version, slices: slicesOf(network), precision, values: changes });
      const putSeconds = (performance.now() - computedMs) / 1000;
      return { ...measurement, update, extra: { ...extra, putSeconds, updateBytes: update.sizeBytes } };
    },
  };
}
