import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../../network/types.ts";
import { buildModel } from "../model/model.ts";
import { createMomentum } from "../model/momentum.ts";
import { trainingStep } from "../model/training-step.ts";
import { selfCheckReference } from "./self-check-reference.ts";

/** What two known training steps come to. */
export interface SelfCheckFigures {
  /** Mean loss of the batch before each step. */
  readonly losses: readonly number[];
  /** How far the steps take each parameter, in the parameters' order: the change as a vector, along a wave, and its length. */
  readonly changes: readonly { readonly along: number; readonly length: number }[];
}

/** One of every operation that a network can have, in a few thousand MACs. */
const network: Graph = {
  type: "graph",
  input: { height: 8, width: 8, channels: 2 },
  layers: [
    { type: "conv", outChannels: 6, kernel: 3, stride: 1, batchNorm: true, activation: "swish" },
    { type: "mbconv", midChannels: 12, outChannels: 6, kernel: 3, stride: 1, seChannels: 3, activation: "relu6" },
    { type: "mbconv", midChannels: 12, outChannels: 8, kernel: 5, stride: 2, seChannels: 0, activation: "relu" },
    { type: "conv", outChannels: 8, kernel: 1, stride: 1, batchNorm: false, activation: "swish" },
    { type: "globalPool" },
    { type: "dense", units: 4, bias: true, activation: "none" },
  ],
};

const batch = 16;
const steps = 2;
const learningRate = 0.2;

/**
 * How far figures may be from their reference: a loss relative to itself, a parameter's change relative to the change's length. Wide
 * enough for a GPU that multiplies with 10 bits of mantissa (TF32), far too narrow for a kernel that computes something else.
 */
export const selfCheckTolerance = { loss: 2e-3, change: 2e-2 } as const;
/** Of parameters that no gradient reaches, as a bias before a normalization, rounding is all that changes. */
const rounding = 1e-4;

/** Makes the known steps on the backend in use: the same weights and the same batch everywhere, whatever the backend's random numbers. */
export async function selfCheckFigures(): Promise<SelfCheckFigures> {
  const { height, width, channels } = network.input;
  const size = batch * height * width * channels;
  // Waves without a common period: smooth, and of another look in each image.
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(i * 0.37) + Math.cos(i * i * 0.0011));
  const images = tf.tensor4d(values, [batch, height, width, channels]);
  const labels = tf.tensor1d(
    Int32Array.from({ length: batch }, (_, i) => i % 4),
    "int32",
  );
  const model = buildModel(network, 1);
  const optimizer = createMomentum(model.parameters, 0.9, 1e-4);
  try {
    const before = await readAll(model.variables);
    const losses: number[] = [];
    for (let step = 0; step < steps; step += 1) {
      const loss = trainingStep(model, optimizer, images, labels, learningRate);
      losses.push((await loss.data<"float32">())[0] ?? NaN);
      loss.dispose();
    }
    const after = await readAll(model.variables);
    return { losses, changes: after.map((values, i) => changeOf(before[i] ?? new Float32Array(), values)) };
  } finally {
    optimizer.dispose();
    model.dispose();
    tf.dispose([images, labels]);
  }
}

const readAll = (variables: readonly tf.Variable[]): Promise<readonly Float32Array[]> =>
  Promise.all(variables.map(async (variable) => Float32Array.from(await variable.data())));

function changeOf(before: Float32Array, after: Float32Array): SelfCheckFigures["changes"][number] {
  let along = 0;
  let square = 0;
  after.forEach((value, i) => {
    const change = value - (before[i] ?? NaN);
    along += change * Math.cos(i);
    square += change * change;
  });
  return { along, length: Math.sqrt(square) };
}

/** What is further from the reference than the tolerance, a clause each. */
export function differences({ losses, changes }: SelfCheckFigures): readonly string[] {
  const wrong = (found: number, expected: number, allowed: number) => !(Math.abs(found - expected) <= allowed);
  const say = (what: string, found: number, expected: number) =>
    `${what} is ${found.toPrecision(6)} instead of ${expected.toPrecision(6)}`;
  const { loss, change } = selfCheckTolerance;
  return [
    ...selfCheckReference.losses.flatMap((expected, i) => {
      const found = losses[i] ?? NaN;
      return wrong(found, expected, loss * Math.abs(expected))
        ? [say(`the loss of step ${i + 1}`, found, expected)]
        : [];
    }),
    ...selfCheckReference.changes.flatMap(({ along, length }, i) => {
      const found = changes[i]?.along ?? NaN;
      return wrong(found, along, change * length + rounding)
        ? [say(`the change of parameter ${i + 1}`, found, along)]
        : [];
    }),
  ];
}

/** Rejects where the backend in use does not train as the reference says (tfjs's cpu backend). Takes well under a second, but for cpu. */
export async function selfCheck(): Promise<void> {
  const [first, ...others] = differences(await selfCheckFigures());
  if (first === undefined) return;
  const more = others.length === 0 ? "" : `, and ${others.length} more figures are wrong`;
  throw new Error(`it computes wrongly: after known training steps, ${first}${more}`);
}
