import * as tf from "@tensorflow/tfjs-core";
import type { Precision } from "../../../network/evaluation.ts";
import { NetworkError } from "../../../network/errors.ts";
import { sharedSlices, type WeightsSlice } from "../../../network/shared-weights.ts";
import { precisionBytes } from "../../../network/weights-codec.ts";
import type { Graph } from "../../../network/types.ts";
import type { Model } from "../../model/model.ts";
import { EvaluationError } from "../evaluator.ts";

/** The largest finite number of each precision. */
const largest: Readonly<Record<Precision, number>> = { float32: (2 - 2 ** -23) * 2 ** 127, float16: 65_504 };

/** The slices of a network in the order of its model's variables. Throws EvaluationError `infeasible` where its layers do not name them. */
export function slicesOf(graph: Graph): readonly WeightsSlice[] {
  try {
    return sharedSlices(graph);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    throw new EvaluationError("infeasible", `The network shares no weights: ${error.message}`, { cause: error });
  }
}

/** Gives a model its weights: the numbers of each of its slices. Throws EvaluationError `internal` where they are not as many as it has. */
export function loadWeights({ variables }: Model, values: readonly Float32Array[]): void {
  if (values.length !== variables.length) {
    throw new EvaluationError(
      "internal",
      `there are ${values.length} slices of weights for ${variables.length} of the network`,
    );
  }
  variables.forEach((variable, index) => {
    const numbers = values[index];
    if (numbers?.length !== variable.size) {
      const detail = `slice ${index} has ${numbers?.length ?? 0} numbers for ${variable.size} of the network`;
      throw new EvaluationError("internal", detail);
    }
    const tensor = tf.tensor(numbers, variable.shape, "float32");
    variable.assign(tensor);
    tensor.dispose();
  });
}

/** How many bytes numbers take on their way. */
export function bytesOf(values: readonly Float32Array[], precision: Precision): number {
  return values.reduce((sum, { length }) => sum + length, 0) * precisionBytes[precision];
}

/**
 * What training has changed of each slice: after minus before. Rejects with EvaluationError `nan_loss` where a change is no number of the
 * precision that it is to travel in: merged, it would spoil the weights for every network.
 */
export async function changesOf(
  { variables }: Model,
  before: readonly Float32Array[],
  precision: Precision,
): Promise<readonly Float32Array[]> {
  return Promise.all(
    variables.map(async (variable, index) => {
      const after = (await variable.data()) as Float32Array;
      const start = before[index] ?? new Float32Array();
      return after.map((value, place) => {
        const change = value - (start[place] ?? 0);
        if (Math.abs(change) <= largest[precision]) return change;
        throw new EvaluationError("nan_loss", `A weight changes by ${change}, which is no ${precision} number.`);
      });
    }),
  );
}
