import prettyMilliseconds from "pretty-ms";
import type { Cost } from "../../network/types.ts";
import type { FinalResult, JobResult } from "../../spec/result.ts";
import type { EvaluatorSpec, JobSpec } from "../../spec/types.ts";
import { datasets } from "../../spec/datasets.ts";
import { formatCount, formatDecimal, formatInteger, formatPercent } from "./report/format.ts";
import type { Normalization } from "./tfjs/model.ts";

/** An evaluator that trains on a data set known here. */
export type TrainedSpec = JobSpec & {
  readonly evaluator: Extract<EvaluatorSpec, { readonly type: "train" | "supernet" }>;
};

/** All that a model card tells. */
export interface ModelCardInput {
  readonly result: JobResult & { readonly final: FinalResult };
  readonly spec: TrainedSpec;
  /** Examples of each part of the data set. */
  readonly examples: { readonly train: number; readonly validation: number; readonly test: number };
  readonly normalization: Normalization;
  /** Of weights.safetensors. */
  readonly weights: { readonly sha256: string; readonly sizeBytes: number };
  readonly networkHash: string;
  readonly cost: Cost;
  readonly effort: SearchEffort;
  readonly versions: { readonly fpnas: string; readonly tfjs: string };
  /** When the job ended, in milliseconds since 1970. */
  readonly endedMs: number;
}

/** What a search and its final trainings cost. */
export interface SearchEffort {
  /** Training steps of the search's trials. */
  readonly searchSteps: number;
  /** Training steps of the final trainings, the baselines' included. */
  readonly finalSteps: number;
  /** Time under the leases that brought the outcomes, summed over workers, in milliseconds. */
  readonly workerMs: number;
}

type Row = readonly (string | number)[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (row: Row): string => `| ${row.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function figures({ result, weights, networkHash, cost }: ModelCardInput, examples: number): string {
  const { accuracy } = result.final;
  const right = Math.round(accuracy * examples);
  return table(
    ["figure", "value"],
    [
      ["test accuracy", `${formatPercent(accuracy)}: ${formatInteger(right)} of ${formatInteger(examples)} images`],
      ["MACs of one image", formatInteger(cost.macs)],
      ["parameters", formatInteger(cost.params)],
      ["weights", `float32, ${formatInteger(weights.sizeBytes)} bytes, SHA-256 \`${weights.sha256}\``],
      ["SHA-256 of the network's canonical JSON", `\`${networkHash}\``],
    ],
  );
}

const files = table(
  ["file", "content"],
  [
    ["`architecture.json`", "the network in fpnas's proto3 JSON form, its input and its classes"],
    [
      "`weights.safetensors`",
      "every weight in float32, by layer; `mean` and `variance` are the statistics of normalization",
    ],
    ["`tfjs/`", "the same as a LayersModel of TensorFlow.js, of Keras's own layers alone"],
    ["`labels.txt`", "a line a class, in the order of the outputs"],
  ],
);

function usage({ spec }: ModelCardInput): string {
  const { height, width, channels } = datasets[spec.evaluator.dataset].input;
  const shape = `[batch, ${height}, ${width}, ${channels}]`;
  return `The model takes pixels from 0 to 255 as ${shape} and yields a probability for each class; what training
did to pixels is its first layer, and its last but one yields the logits. In a page or a program with TensorFlow.js 4:

\`\`\`js
import * as tf from "@tensorflow/tfjs";
const model = await tf.loadLayersModel("https://example.com/tfjs/model.json");
const pixels = tf.browser.fromPixels(image, ${channels}).resizeBilinear([${height}, ${width}]).expandDims();
const probabilities = await model.predict(pixels).data();
console.log(model.getUserDefinedMetadata().labels[probabilities.indexOf(Math.max(...probabilities))]);
\`\`\`

With fpnas, which needs no server: \`fpnas predict FOLDER image.png ..\`, FOLDER being the one of this file.`;
}

function data({ spec, examples, normalization }: ModelCardInput): string {
  const { title, labels, origin, licence, splitNote } = datasets[spec.evaluator.dataset];
  const { mean, deviation } = normalization;
  return `${title}: ${origin}. Licence: ${licence}.
${splitNote} Train part ${formatInteger(examples.train)} images, validation part
${formatInteger(examples.validation)}, test part ${formatInteger(examples.test)}. No image of the test part is in another.

Classes: ${labels.map((label, index) => `${index} ${label}`).join(", ")}.

Pixels are normalized by mean ${formatDecimal(mean, 4)} and deviation ${formatDecimal(deviation, 4)} of the train part's bytes.`;
}

function training({ result, spec }: ModelCardInput): string {
  const { batch, learningRate, weightDecay } = spec.evaluator;
  const recipe = Object.entries(spec.finalRecipe ?? {}).filter(([, value]) => value !== 0 && value !== false);
  const rows: readonly Row[] = [
    ["examples", "train and validation part together"],
    ["begins with", spec.search.final?.fromSlice === true ? "its slices of the shared weights" : "fresh weights"],
    ["learns from", teacherWords(result)],
    ["steps", formatInteger(result.final.steps)],
    ["batch", formatInteger(batch)],
    ["learning rate", `${learningRate}, cosine schedule with warm-up`],
    ["weight decay", weightDecay],
    ...recipe.map(([name, value]) => [name, String(value)]),
    ["seed of the job", result.seed],
  ];
  return `The network was trained anew with the settings below, and measured once on the whole test part, which neither the
search nor the training has seen. Nothing else was chosen by the test part.

${table(["setting", "value"], rows)}`;
}

function teacherWords({ distillation }: JobResult): string {
  if (distillation === undefined) return "the labels alone";
  const { teacher, failure } = distillation;
  if (failure !== undefined) return `the labels alone: ${failure}`;
  if (teacher !== "largest") return `the labels and the network in ${teacher}`;
  return "the labels and the largest network of the space, which learned from the labels alone";
}

function baselines({ result, cost }: ModelCardInput): string {
  const comparisons = result.comparisons ?? [];
  if (comparisons.length === 0) return "None was asked for.";
  const rows = [{ role: "found", accuracy: result.final.accuracy, failure: undefined, ...cost }, ...comparisons];
  const text = rows.map(({ role, accuracy, failure, macs, params }): Row => {
    const outcome = accuracy === undefined ? `failed (${failure ?? "unknown"})` : formatPercent(accuracy);
    return [role, outcome, formatCount(macs), formatCount(params)];
  });
  return `Trained alike, in the same job and from the same seed:

${table(["network", "test accuracy", "MACs", "parameters"], text)}`;
}

function search({ result, spec, effort }: ModelCardInput): string {
  const stages = result.stages.map(({ name, rounds, draws, trials, entropyStart, entropyEnd }): Row => {
    const entropies = [formatDecimal(entropyStart, 2), formatDecimal(entropyEnd, 2)];
    return [name, rounds, draws, trials, ...entropies];
  });
  const duration = (ms: number): string => prettyMilliseconds(ms, { secondsDecimalDigits: 0 });
  const cost: readonly Row[] = [
    ["draws", formatInteger(result.draws)],
    [
      "trials",
      `${formatInteger(result.trials)}${result.reused > 0 ? `, and ${formatInteger(result.reused)} results of earlier jobs` : ""}`,
    ],
    ["training steps of the search", formatInteger(effort.searchSteps)],
    ["training steps of the final trainings", formatInteger(effort.finalSteps)],
    ["wall time, final trainings included", duration(result.wallSeconds * 1000)],
    ["workers' time for it all", `${duration(effort.workerMs)} (attempts that failed apart)`],
    ["workers busy", formatPercent(result.workerBusyFraction, 0)],
  ];
  return `Space \`${result.space}\`, algorithm \`${result.algorithm}\` (${spec.algorithmReason}), seed ${result.seed}.

${table(["stage", "rounds", "draws", "trials", "entropy before (nats)", "after"], stages)}

${table(["cost", "value"], cost)}`;
}

/**
 * The model card of an exported network, in Markdown (after arXiv 1810.03993): what it is, how it came about and what it is not for.
 * It depends on its input alone.
 */
export function modelCard(input: ModelCardInput): string {
  const { result, spec, examples, versions, endedMs } = input;
  const { title, look } = datasets[spec.evaluator.dataset];
  return `# ${spec.name}: a classifier for ${title}, found by architecture search

${figures(input, examples.test)}

## Files

${files}

## Use

${usage(input)}

## Data

${data(input)}

## Training

${training(input)}

## Baselines

${baselines(input)}

## Search

${search(input)}

## Intended use and limits

For research on architecture search and as an example, on images like those of ${title}: ${look}.
On other images (photographs, dark on light) its answers mean nothing, and its probabilities are not calibrated. The
accuracy is that of one training by one seed: another seed gives another.
Not for decisions about people.

## Versions

Job \`${result.job}\`, ended ${new Date(endedMs).toISOString()}. Written by fpnas ${versions.fpnas}; TensorFlow.js ${versions.tfjs}.
`;
}
