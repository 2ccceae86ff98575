import { createHash } from "node:crypto";
import { canonicalJson } from "../../../network/canonical.ts";
import type { SupernetEvaluation } from "../../../network/evaluation.ts";
import type { Measurement } from "../../../network/measurement.ts";
import { sharedSlices } from "../../../network/shared-weights.ts";
import type { Graph } from "../../../network/types.ts";
import { encodeWeights, sliceSize } from "../../../network/weights-codec.ts";
import type { WeightsMerge } from "../../../coordinator/weights/weights-store.ts";

/** What a draw comes to: a function of the network, the evaluation and the shared weights alone, as of any evaluator. */
export interface SimDraw {
  readonly measurement: Measurement;
  /** Of each slice; null without local steps. */
  readonly changes: readonly Float32Array[] | null;
}

/** Evaluates a draw. All shared weights of a version are one number here, so that each is wrong where one is. */
export function evaluateDraw(network: Graph, evaluation: SupernetEvaluation, weight: number): SimDraw {
  const { seed, validationSeed, localSteps } = evaluation;
  const text = canonicalJson(network);
  const loss = 0.5 + fractionOf(text, weight, validationSeed);
  const scored = { accuracy: 1 - loss / 2, loss, steps: localSteps, extra: {} };
  if (localSteps === 0) return { measurement: scored, changes: null };
  const change = fractionOf(text, weight, seed) - 0.5;
  const changes = sharedSlices(network).map((slice) => new Float32Array(sliceSize(slice)).fill(change));
  return { measurement: { ...scored, trainLoss: loss + 0.1 * change }, changes };
}

/** The name of an update, as the worker's own code makes it. */
export function nameOf(changes: readonly Float32Array[]): string {
  return createHash("sha256").update(encodeWeights(changes, "float32")).digest("hex");
}

/** The number that stands for all shared weights of the version after `base`; of the first where that is null. */
export function mergedWeight(base: number | null, { updates, seed }: Pick<WeightsMerge, "updates" | "seed">): number {
  return fractionOf(JSON.stringify(updates), base ?? -1, base === null ? seed : 0);
}

/** From 0 to below 1, a number of float32. */
function fractionOf(text: string, weight: number, seed: number): number {
  return createHash("sha256").update(`${text} ${weight} ${seed}`).digest().readUIntBE(0, 3) / 2 ** 24;
}
