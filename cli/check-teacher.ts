import { datasets } from "../spec/datasets.ts";
import { teacherField } from "../spec/parse-spec.ts";
import type { SpecFile } from "../spec/resolve-spec.ts";
import type { JobSpec, SpecMistake } from "../spec/types.ts";
import { decodeTrained, type TrainedNetwork } from "../worker/checkpoint/trained-file.ts";

/** What makes a teacher's file unfit for a job: it is damaged, of another format, or of a network for something else than the job's data set. */
export function checkTeacher(
  { evaluator, finalTeacher }: JobSpec,
  files: ReadonlyMap<string, SpecFile>,
): readonly SpecMistake[] {
  if (typeof finalTeacher !== "object" || (evaluator.type !== "train" && evaluator.type !== "supernet")) return [];
  const { file } = finalTeacher;
  const mistake = mistakeIn(files.get(file)?.bytes ?? new Uint8Array(), evaluator.dataset);
  return mistake === null ? [] : [{ path: teacherField, message: `${file}: ${mistake}.` }];
}

function mistakeIn(bytes: Uint8Array, dataset: keyof typeof datasets): string | null {
  let trained: TrainedNetwork;
  try {
    trained = decodeTrained(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `must hold the trained weights of a network (docs/result.md): ${why}`;
  }
  if (trained.dataset !== dataset) return `must be trained on ${dataset}, not ${trained.dataset}`;
  const { input, classes } = datasets[dataset];
  const last = trained.graph.layers.at(-1);
  const isFit =
    last?.type === "dense" &&
    last.units === classes &&
    (["height", "width", "channels"] as const).every((side) => trained.graph.input[side] === input[side]);
  return isFit ? null : `must be a network for the images and the ${String(classes)} classes of ${dataset}`;
}
