import { plainRecipe, type TrainEvaluation } from "../../../network/evaluation.ts";
import { namedStream, uniformIndex } from "../../../coordinator/search/rng.ts";
import type { Space } from "../../../coordinator/search/space/space.ts";
import { noWeights, type LocalWorker } from "./local-worker.ts";
import type { Records } from "./records.ts";
import { mean } from "./statistics.ts";

/** Steps of every training that a study ends with. */
export const trainingSteps = 400;

/** How many random networks the studies compare with. */
const networks = 100;

/**
 * How every study trains shared weights: the published synchronous step, one batch for each draw, at the rates by which the weights were found
 * to learn most of it (docs/supernet.md).
 */
export const sharedTraining = { dataset: "fashion-mnist", localSteps: 1, learningRate: 0.4, momentum: 0.9 } as const;

/** What trainings are made with. */
export interface Bench {
  readonly worker: LocalWorker;
  readonly records: Records;
  readonly space: Space;
  readonly print: (line: string) => void;
}

/**
 * Accuracy on the test part of a network that was trained from scratch on train and validation part, with batches of 64 and the default
 * learning rate of stand-alone trials.
 */
export async function trainAlone(
  { worker, records, space }: Bench,
  arms: readonly number[],
  seed: number,
  steps = trainingSteps,
): Promise<number> {
  const evaluation: TrainEvaluation = {
    type: "train",
    seed,
    dataset: "fashion-mnist",
    steps,
    batch: 64,
    learningRate: 0.2,
    weightDecay: 1e-4,
    part: "test",
    evalExamples: 0,
    recipe: plainRecipe,
    keepWeights: false,
  };
  const { accuracy } = await records.keep(`training-${arms.join("")}-${steps}-${seed}`, () =>
    worker.evaluate(space.decode(arms), evaluation, noWeights),
  );
  return accuracy;
}

/** The mean of trainings by three seeds. */
export async function trainOften(bench: Bench, arms: readonly number[]): Promise<number> {
  const accuracies: number[] = [];
  for (const seed of [1, 2, 3]) accuracies.push(await trainAlone(bench, arms, seed));
  return mean(accuracies);
}

/** The random networks that all studies compare with: uniform over the space, of a fixed seed. */
export function randomNetworks({ choices }: Space): readonly (readonly number[])[] {
  return Array.from({ length: networks }, (_, index) => {
    const stream = namedStream(1, `bench/supernet/random/${index}`);
    return choices.map((choice) => uniformIndex(stream, choice.arms.length));
  });
}
