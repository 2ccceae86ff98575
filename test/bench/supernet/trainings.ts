import { plainRecipe, type TrainEvaluation } from "../../../network/evaluation.ts";
import { namedStream, uniformIndex } from "../../../coordinator/search/rng.ts";
import type { Space } from "../../../coordinator/search/space/space.ts";
import { noWeights, type LocalWorker } from "./local-worker.ts";
import type { Records } from "./records.ts";

/** What trainings are made with. */
export interface Bench {
  readonly worker: LocalWorker;
  readonly records: Records;
  readonly space: Space;
  readonly print: (line: string) => void;
}

/**
 * Accuracy on the test part of a network that was trained from scratch on train and validation part, with batches of 64 and the default learning
 * rate of stand-alone trials.
 */
export async function trainAlone(
  { worker, records, space }: Bench,
  arms: readonly number[],
  { steps, seed }: { readonly steps: number; readonly seed: number },
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
  };
  const { accuracy } = await records.keep(`training-${arms.join("")}-${steps}-${seed}`, () =>
    worker.evaluate(space.decode(arms), evaluation, noWeights),
  );
  return accuracy;
}

/** Network `index` of a seed's uniformly random ones that a condition holds for. */
export function randomArms(
  space: Space,
  seed: number,
  index: number,
  isWanted: (arms: readonly number[]) => boolean = () => true,
): readonly number[] {
  const stream = namedStream(seed, `bench/supernet/random/${index}`);
  for (;;) {
    const arms = space.choices.map((choice) => uniformIndex(stream, choice.arms.length));
    if (isWanted(arms)) return arms;
  }
}
