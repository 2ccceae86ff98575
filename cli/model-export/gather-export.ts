import * as tf from "@tensorflow/tfjs-core";
import type { Trial } from "../../client/types.ts";
import {
  modelCard,
  type ModelCardInput,
  type SearchEffort,
  type TrainedSpec,
} from "../../coordinator/export/model-card.ts";
import { tfjsModel } from "../../coordinator/export/tfjs/model.ts";
import { networkHash } from "../../network/canonical.ts";
import { encodeNetwork } from "../../network/codec.ts";
import { networkCost } from "../../network/cost.ts";
import type { TrainedWeights } from "../../network/measurement.ts";
import { datasets } from "../../spec/datasets.ts";
import type { FinalResult } from "../../spec/result.ts";
import { decodeTrained, type TrainedNetwork } from "../../worker/checkpoint/trained-file.ts";
import { loadDataset } from "../../worker/data/load-dataset.ts";
import type { FinishedJob } from "../finished-job.ts";
import { packageVersion } from "../package-file.ts";
import { exportFiles, exportFormat, type ArchitectureFile } from "./architecture-file.ts";

/** The files of a model's export by path, or why there is no model to export. */
export type ModelExport =
  | { readonly type: "model"; readonly files: ReadonlyMap<string, string | Uint8Array> }
  | { readonly type: "none"; readonly reason: string };

/** Why there is no model, for people. */
export function noModelText({ reason }: Extract<ModelExport, { readonly type: "none" }>): string {
  return `no model is exported: ${reason}`;
}

/** A job whose answer was trained to the end. */
type TrainedJob = FinishedJob & { readonly spec: TrainedSpec; readonly result: { readonly final: FinalResult } };

/** Why no weights of a job's answer can have been kept; null where they may have been. */
function whyNone({ spec, result }: FinishedJob): string | null {
  if (spec.evaluator.type === "tabular") return "nothing was trained: its networks are rows of a table";
  if (spec.evaluator.type === "command")
    return "its networks were trained by a program, which keeps its weights to itself";
  if (spec.finalSteps === null) return "it has no final training (final: in its spec), so no weights were kept";
  return result.final === undefined ? "the final training of its answer failed" : null;
}

function isTrained(job: FinishedJob): job is TrainedJob {
  return whyNone(job) === null;
}

/**
 * Gathers what belongs to the export of a finished job: its answer with the weights of the final training, for fpnas and for tfjs, and the
 * model card. What cannot be had is a reason why there is none, as a job's result is worth keeping without.
 * @param fetchFile gives the file of this SHA-256, or rejects.
 */
export async function gatherExport(
  fetchFile: (sha256: string) => Promise<Uint8Array>,
  job: FinishedJob,
  trials: readonly Trial[],
): Promise<ModelExport> {
  if (!isTrained(job)) return { type: "none", reason: whyNone(job) ?? "" };
  const { weights } = job.result.final;
  if (weights === undefined) return { type: "none", reason: "the worker of its final training kept no weights" };
  try {
    const bytes = await fetchFile(weights.sha256);
    return { type: "model", files: await modelFiles(job, trials, { ...weights, bytes }) };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { type: "none", reason: `its weights ${weights.sha256} cannot be used: ${cause}` };
  }
}

async function modelFiles(
  job: TrainedJob,
  trials: readonly Trial[],
  weights: TrainedWeights & { readonly bytes: Uint8Array },
): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const { result, spec } = job;
  const trained = decodeTrained(weights.bytes);
  const { labels } = datasets[spec.evaluator.dataset];
  const { mean, deviation, ...parts } = await loadDataset(spec.evaluator.dataset);
  const normalization = { mean, deviation };
  const architecture: ArchitectureFile = {
    format: exportFormat,
    network: encodeNetwork(trained.graph),
    ...networkCost(trained.graph),
    ...{ dataset: spec.evaluator.dataset, labels: [...labels], normalization },
  };
  const versions = { fpnas: packageVersion(), tfjs: tf.version_core };
  const card: ModelCardInput = {
    ...{ result, spec, normalization, weights, versions },
    examples: { train: parts.train.count, validation: parts.validation.count, test: parts.test.count },
    ...{ networkHash: networkHash(trained.graph), cost: networkCost(trained.graph) },
    effort: effortOf(trials),
    endedMs: job.endTimeMs ?? 0,
  };
  const model = tfjsFiles(trained, normalization, labels, versions.fpnas);
  return new Map<string, string | Uint8Array>([
    [exportFiles.architecture, `${JSON.stringify(architecture, null, 2)}\n`],
    [exportFiles.weights, weights.bytes],
    ["labels.txt", labels.map((label) => `${label}\n`).join("")],
    ["README.md", modelCard(card)],
    ...model,
  ]);
}

function tfjsFiles(
  { graph, tensors, dataset }: TrainedNetwork,
  normalization: ModelCardInput["normalization"],
  labels: readonly string[],
  version: string,
): readonly (readonly [string, string | Uint8Array])[] {
  const metadata = { labels, dataset };
  const generatedBy = `fpnas ${version}`;
  const { modelJson, shards } = tfjsModel({ graph, weights: tensors, normalization, generatedBy, metadata });
  return [["tfjs/model.json", modelJson], ...[...shards].map(([name, bytes]) => [`tfjs/${name}`, bytes] as const)];
}

/** What the trials cost that this job had evaluated; those of earlier jobs cost it nothing. */
function effortOf(trials: readonly Trial[]): SearchEffort {
  const own = trials.filter(({ reusedFrom }) => reusedFrom === null);
  const isFinal = ({ role }: Trial): boolean => role.startsWith("final_");
  const steps = (some: readonly Trial[]): number =>
    some.reduce((sum, { measurement }) => sum + (measurement?.steps ?? 0), 0);
  return {
    searchSteps: steps(own.filter((trial) => !isFinal(trial))),
    finalSteps: steps(own.filter(isFinal)),
    workerMs: own.reduce((sum, { leaseTimeMs, endTimeMs }) => sum + leased(leaseTimeMs, endTimeMs), 0),
  };
}

function leased(from: number | null, to: number | null): number {
  return from === null || to === null ? 0 : Math.max(0, to - from);
}
