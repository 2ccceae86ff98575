import { findAlgorithm } from "../coordinator/search/algorithm/registry.ts";
import type { FinalSpec, StageSpec } from "../coordinator/search/types.ts";
import { defaults, supernetStages } from "./defaults.ts";
import { pathText } from "../network/schema.ts";
import { readField, toSchemaNode } from "./json-schema.ts";
import { explainIssues } from "./mistakes.ts";
import { checkRules } from "./rules.ts";
import { specFields, specSchema, type SpecInput } from "./schema.ts";
import { SpecError, type EvaluatorSpec, type JobSpec, type SpecMistake } from "./types.ts";

/** More than anyone mends at once; and a list without end would not fit into an answer over the wire. */
const mistakesShown = 100;

/**
 * Reads a spec (docs/spec.md) and fills in every default. Throws SpecError with every mistake (up to 100), and nothing else.
 * What needs the spec's files is checked, and the algorithm `auto` replaced, by `resolveSpec`.
 */
export function parseSpec(value: unknown): JobSpec {
  const parsed = specSchema.safeParse(value);
  const issues = parsed.error?.issues ?? [];
  const algorithm = parseAlgorithm(value);
  const mistakes = [
    ...(issues.length > 0 ? explainIssues(issues, { value, root: toSchemaNode(specSchema), prefix: [] }) : []),
    ...algorithm.mistakes,
    ...checkRules(value),
  ];
  if (!parsed.success || algorithm.chosen === null || mistakes.length > 0) throw new SpecError(limit(mistakes));
  const input = parsed.data.evaluator.supernet === undefined ? parsed.data : withSupernetDefaults(parsed.data, value);
  return toJobSpec(input, algorithm.chosen);
}

/** What a supernet's job does where it does not say is its own. */
function withSupernetDefaults(input: SpecInput, value: unknown): SpecInput {
  const isGiven = readField(readField(value, "budget"), "trials") !== undefined;
  const trials = isGiven ? input.budget.trials : defaults.supernet.trials;
  const hasStages = readField(value, "stages") !== undefined;
  const stages = hasStages
    ? input.stages
    : supernetStages(trials).map((stage) => ({ ...stage, until: { ...stage.until } }));
  return { ...input, budget: { ...input.budget, trials }, stages };
}

function limit(mistakes: readonly SpecMistake[]): readonly SpecMistake[] {
  const more = mistakes.length - mistakesShown;
  if (more <= 0) return mistakes;
  return [...mistakes.slice(0, mistakesShown), { path: "", message: `${String(more)} more mistakes are not shown.` }];
}

/** Paths of the files that a spec names, as written: what a client sends with the job. */
export function specFiles(spec: JobSpec): readonly string[] {
  return [...spaceFiles(spec), ...workerFiles(spec)];
}

/** Those of them that the space follows from. */
export function spaceFiles({ space, evaluator }: JobSpec): readonly string[] {
  return [...(space.type === "file" ? [space.file] : []), ...(evaluator.type === "tabular" ? [evaluator.table] : [])];
}

/** Those of them that go to workers as they are: a program's, and a teacher. */
export function workerFiles({ evaluator, finalTeacher }: JobSpec): readonly string[] {
  return [
    ...(evaluator.type === "command" ? evaluator.files : []),
    ...(typeof finalTeacher === "object" ? [finalTeacher.file] : []),
  ];
}

/** The fields of a spec that name a file which makes the space. */
export type SpaceFileField = "space.file" | "evaluator.tabular.table";

/** The fields of a spec that name a file. */
export type FileField = SpaceFileField | `evaluator.command.files[${number}]` | typeof teacherField;

/** The field of a spec that names a teacher's file. */
export const teacherField = "final.distill.teacher.file";

export function isSpaceFile(field: FileField): field is SpaceFileField {
  return field === "space.file" || field === "evaluator.tabular.table";
}

/** Each file that a spec names, with the field that does, also where the spec holds mistakes. */
export function filePaths(value: unknown): readonly { readonly field: FileField; readonly file: string }[] {
  const spaceFile = readField(readField(value, "space"), "file");
  const table = readField(readField(readField(value, "evaluator"), "tabular"), "table");
  const program = readField(readField(readField(value, "evaluator"), "command"), "files");
  const teacher = readField(readField(readField(value, "final"), "distill"), "teacher");
  const teacherFile = readField(teacher, "file");
  const isNamed = (file: unknown): file is string => typeof file === "string" && file !== "";
  return [
    ...(isNamed(spaceFile) ? [{ field: "space.file", file: spaceFile } as const] : []),
    ...(isNamed(table) ? [{ field: "evaluator.tabular.table", file: table } as const] : []),
    ...(Array.isArray(program) ? program : []).flatMap((file: unknown, index) =>
      isNamed(file) ? [{ field: `evaluator.command.files[${index}]`, file } as const] : [],
    ),
    ...(isNamed(teacherFile) ? [{ field: teacherField, file: teacherFile } as const] : []),
  ];
}

/** A file's name without folders and extension, made fit to name a job; `search` where nothing is left of it. */
export function nameFromFile(path: string): string {
  const base = path.split(/[/\\]/).at(-1) ?? "";
  const slug = base
    .replace(/(?<=.)\.[^.]*$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, 63)
    .replace(/-$/, "");
  return slug === "" ? "search" : slug;
}

interface ParsedAlgorithm {
  readonly chosen: JobSpec["search"]["algorithm"] | null;
  readonly mistakes: readonly SpecMistake[];
}

/** Settings by the schema that the algorithm itself brings; where the name is wrong, nothing can be said of them. */
function parseAlgorithm(value: unknown): ParsedAlgorithm {
  const input = specFields.algorithm.safeParse(readField(value, "algorithm"));
  if (!input.success) return { chosen: null, mistakes: [] };
  const { name, ...given } = input.data;
  if (name === "auto") return { chosen: { name, settings: {} }, mistakes: Object.keys(given).map(settingOfNone) };
  const entry = findAlgorithm(name);
  if (entry === undefined) return { chosen: null, mistakes: [] };
  const isSupernet = readField(readField(value, "evaluator"), "supernet") !== undefined;
  const settings = entry.settings.safeParse(isSupernet ? { ...entry.supernet, ...given } : given);
  if (settings.success) {
    return { chosen: { name, settings: settings.data as Readonly<Record<string, unknown>> }, mistakes: [] };
  }
  const failure = { value: given, root: toSchemaNode(entry.settings), prefix: ["algorithm"] };
  return { chosen: null, mistakes: explainIssues(settings.error.issues, failure) };
}

function settingOfNone(key: string): SpecMistake {
  const message = "is a setting of one algorithm: give algorithm.name beside it (auto takes no settings).";
  return { path: pathText(["algorithm", key]), message };
}

function toJobSpec(input: SpecInput, algorithm: JobSpec["search"]["algorithm"]): JobSpec {
  const evaluator = toEvaluator(input.evaluator);
  const { final, cost } = input;
  const { supernet } = input.evaluator;
  return {
    name: input.name ?? nameFromFile(subjectOf(evaluator)),
    space: toSpace(input.space),
    evaluator,
    search: {
      algorithm,
      stages: input.stages.map(toStage),
      cost: cost ?? null,
      noisy: evaluator.type !== "tabular",
      budget: {
        trials: input.budget.trials,
        wallMs: input.budget.wallSeconds === undefined ? null : Math.ceil(input.budget.wallSeconds * 1000),
      },
      final: final === undefined ? null : toFinal(final),
      ...(supernet !== undefined && { supernet: { merge: supernet.merge, staleness: supernet.staleness } }),
    },
    algorithmReason: "named in the spec",
    reuse: input.reuse,
    finalSteps: final === undefined ? null : final.steps,
    ...(final !== undefined && rateOf(final, supernet !== undefined)),
    ...(final !== undefined && recipeOf(final)),
    ...(final?.distill !== undefined && { finalTeacher: final.distill.teacher }),
    seed: input.seed,
  };
}

function toFinal({ random, largest, from, distill }: NonNullable<SpecInput["final"]>): FinalSpec {
  return {
    random,
    largest,
    ...(from === "slice" && { fromSlice: true }),
    ...(distill?.teacher === "largest" && { teacher: "largest" }),
  };
}

/** The rate of a supernet is that of merged steps, of which a training by itself has none: its final trainings have that of others. */
function rateOf(
  { learningRate }: NonNullable<SpecInput["final"]>,
  isSupernet: boolean,
): Pick<JobSpec, "finalLearningRate"> {
  const rate = learningRate ?? (isSupernet ? defaults.train.learningRate : undefined);
  return rate === undefined ? {} : { finalLearningRate: rate };
}

function recipeOf({
  labelSmoothing,
  augment,
  averageDecay,
}: NonNullable<SpecInput["final"]>): Pick<JobSpec, "finalRecipe"> {
  const addsNothing = labelSmoothing === 0 && !augment && averageDecay === 0;
  return addsNothing ? {} : { finalRecipe: { labelSmoothing, augment, averageDecay } };
}

/** What a job is named after where its spec says nothing else. */
function subjectOf(evaluator: EvaluatorSpec): string {
  switch (evaluator.type) {
    case "tabular":
      return evaluator.table;
    case "train":
    case "supernet":
      return evaluator.dataset;
    case "command":
      return evaluator.files[0] ?? evaluator.run[0] ?? "";
  }
}

function toStage({ updateAfter, inFlight, weightsOnly, ...rest }: SpecInput["stages"][number]): StageSpec {
  const stage: StageSpec = weightsOnly === true ? { ...rest, weightsOnly } : rest;
  if (updateAfter === undefined) return stage;
  return { ...stage, asynchronous: { updateAfter, inFlight: inFlight ?? Math.max(defaults.inFlight, updateAfter) } };
}

function toEvaluator(input: SpecInput["evaluator"]): EvaluatorSpec {
  const { timeLimitSeconds } = input;
  const limit = timeLimitSeconds === undefined ? {} : { timeLimitMs: Math.ceil(timeLimitSeconds * 1000) };
  if (input.tabular !== undefined) return { type: "tabular", table: input.tabular.table, ...limit };
  if (input.command !== undefined) return { type: "command", ...input.command, ...limit };
  if (input.supernet !== undefined) {
    const { dataset, localSteps, batch, learningRate, weightDecay, validationExamples, precision, momentum } =
      input.supernet;
    const training = { localSteps, batch, learningRate, weightDecay, momentum };
    return { type: "supernet", dataset, ...training, validationExamples, precision, ...limit };
  }
  // The rules have seen to it that there is one.
  if (input.train === undefined)
    throw new SpecError([{ path: "evaluator", message: "must hold a kind of evaluation." }]);
  return { type: "train", ...input.train, ...limit };
}

function toSpace(space: SpecInput["space"]): JobSpec["space"] {
  if (space === undefined) return { type: "table" };
  return typeof space === "string" ? { type: "shipped", name: space } : { type: "file", file: space.file };
}
