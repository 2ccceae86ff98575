/**
 * Evaluates many networks on one backend, as a worker does: trials-main.js BACKEND TRIALS. Prints as JSON how many tensors there were after
 * each trial, and the resident memory, in bytes, after every hundredth of them all.
 */
import * as tf from "@tensorflow/tfjs-core";
import { mbconvSmall } from "../../../coordinator/search/space/shipped/mbconv-small.ts";
import { plainRecipe } from "../../../network/evaluation.ts";
import { backendNames } from "../../../worker/backend/backend.ts";
import { selectBackend } from "../../../worker/backend/select-backend.ts";
import { loadDataset } from "../../../worker/data/load-dataset.ts";
import { createTrainEvaluator } from "../../../worker/evaluator/train.ts";
import { randomStream } from "../../../network/random.ts";
import { oneOf } from "../../bench/flags.ts";
import { contextOf } from "../../support/training-checkpoints.ts";

export interface Seen {
  readonly tensors: readonly number[];
  readonly residentBytes: readonly number[];
}

async function evaluateMany(backendName: string, trials: number): Promise<Seen> {
  const backend = await selectBackend(oneOf("backend", backendName, backendNames));
  const evaluator = createTrainEvaluator({ backend, loadDataset });
  const space = mbconvSmall();
  const [tensors, residentBytes]: [number[], number[]] = [[], []];
  for (let trial = 1; trial <= trials; trial += 1) {
    const random = randomStream(trial, "arms");
    const network = space.decode(space.choices.map(({ arms }) => Math.floor(random() * arms.length)));
    const rates = { learningRate: 0.05, weightDecay: 1e-4 };
    const sizes = { steps: 2, batch: 16, evalExamples: 32 };
    await evaluator.evaluate(
      network,
      {
        type: "train",
        seed: trial,
        dataset: "fashion-mnist",
        part: "validation",
        recipe: plainRecipe,
        keepWeights: false,
        ...rates,
        ...sizes,
      },
      contextOf(),
    );
    tensors.push(tf.memory().numTensors);
    if (trial % Math.ceil(trials / 100) === 0) residentBytes.push(process.memoryUsage.rss());
  }
  return { tensors, residentBytes };
}

const [backend = "", trials] = process.argv.slice(2);
try {
  console.log(JSON.stringify(await evaluateMany(backend, Number(trials))));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
process.exit();
