import * as tf from "@tensorflow/tfjs-core";
import { networkHash } from "../../network/canonical.ts";
import type { TrainEvaluation } from "../../network/evaluation.ts";
import type { Graph } from "../../network/types.ts";
import { decodeTensors, encodeTensors, type NamedTensor } from "../checkpoint/tensor-file.ts";
import type { TakenCheckpoint } from "../checkpoint/checkpoints.ts";
import type { Training } from "./training.ts";

/** Changes with what a checkpoint means; of another version none is read. */
const format = "fpnas-training-2";

/** What was trained and how: a checkpoint fits a training where all of it is equal. Batches and learning rates follow from it and the step. */
function describe(network: Graph, evaluation: TrainEvaluation): Readonly<Record<string, string>> {
  const { seed, dataset, part, steps, batch, learningRate, weightDecay, recipe, startVersion, teacher } = evaluation;
  // Without a start and a teacher the text is that of trainings that knew of none.
  const settings = { seed, dataset, part, steps, batch, learningRate, weightDecay, recipe, startVersion, teacher };
  return { format, network: networkHash(network), evaluation: JSON.stringify(settings) };
}

/** The variables of a training by their names in a checkpoint: those of parameter 3 are "3.weights", "3.velocity" and, where there is one, "3.average". */
function variablesOf({ model, optimizer, average }: Training): readonly (readonly [string, tf.Variable])[] {
  return [
    ...model.variables.map((variable, index) => [`${index}.weights`, variable] as const),
    ...optimizer.velocities.map((variable, index) => [`${index}.velocity`, variable] as const),
    ...(average?.variables ?? []).map((variable, index) => [`${index}.average`, variable] as const),
  ];
}

/**
 * Takes a checkpoint of a training between two of its steps: the step, every weight, velocity and average. The training may go on while the
 * numbers are read, and they are those of the moment of the call all the same.
 */
export async function takeCheckpoint(
  network: Graph,
  evaluation: TrainEvaluation,
  training: Training,
): Promise<TakenCheckpoint> {
  const { step } = training;
  // A clone shares its numbers with the variable, until the next step gives the variable others.
  const taken = variablesOf(training).map(([name, variable]) => ({ name, tensor: tf.clone(variable) }));
  try {
    const tensors = await Promise.all(
      taken.map(async ({ name, tensor }): Promise<NamedTensor> => {
        return { name, shape: tensor.shape, values: (await tensor.data()) as Float32Array };
      }),
    );
    return { step, bytes: encodeTensors({ metadata: { ...describe(network, evaluation), step: `${step}` }, tensors }) };
  } finally {
    tf.dispose(taken);
  }
}

/** What a checkpoint says, once it is known to fit. */
export interface RestoredCheckpoint {
  readonly step: number;
  /** In the order of the training's variables. */
  readonly tensors: readonly NamedTensor[];
}

/**
 * Reads a checkpoint of such a training. Throws Error, which tells why, where it is damaged or is one of another format, network,
 * evaluation or shape.
 */
export function readCheckpoint(
  network: Graph,
  evaluation: TrainEvaluation,
  training: Training,
  bytes: Uint8Array,
): RestoredCheckpoint {
  const { metadata, tensors } = decodeTensors(bytes);
  for (const [key, wanted] of Object.entries(describe(network, evaluation))) {
    if (metadata[key] !== wanted) throw new Error(`its ${key} is ${metadata[key] ?? "not given"}, not ${wanted}`);
  }
  const step = Number(metadata["step"]);
  if (!Number.isInteger(step) || step < 1 || step > evaluation.steps) {
    throw new Error(`its step must be from 1 to ${evaluation.steps}, not ${metadata["step"] ?? "missing"}`);
  }
  const shapes = (all: readonly (readonly [string, readonly number[]])[]): string =>
    all.map(([name, shape]) => `${name} ${shape.join("x")}`).join(", ");
  const found = shapes(tensors.map(({ name, shape }) => [name, shape]));
  const wanted = shapes(variablesOf(training).map(([name, { shape }]) => [name, shape]));
  if (found !== wanted) throw new Error("its tensors are others than those of the network");
  return { step, tensors };
}

/** Takes a fresh training to where the checkpoint was taken. */
export function restoreCheckpoint(training: Training, { step, tensors }: RestoredCheckpoint): void {
  const variables = variablesOf(training);
  tensors.forEach(({ shape, values }, index) => {
    const tensor = tf.tensor(values, [...shape], "float32");
    variables[index]?.[1].assign(tensor);
    tensor.dispose();
  });
  training.step = step;
}
