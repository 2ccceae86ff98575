import { decodeTrained, type TrainedNetwork } from "../checkpoint/trained-file.ts";
import type { Dataset } from "../data/dataset.ts";
import { buildModel, type Model } from "../model/model.ts";
import { EvaluationError, type EvaluationContext } from "./evaluator.ts";
import { loadTrained } from "./trained-weights.ts";

function readTeacher(bytes: Uint8Array): TrainedNetwork {
  try {
    return decodeTrained(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EvaluationError("infeasible", `The teacher cannot be used: ${why}.`, { cause: error });
  }
}

/**
 * The model of a teacher, which belongs to the caller and only infers: by the statistics that lie in its file. Rejects with EvaluationError
 * `data_unavailable` where the file cannot be had, and `infeasible` where it is none or the teacher learned something else than this data set.
 */
export async function openTeacher(
  sha256: string,
  dataset: Dataset,
  { fetchFile }: Pick<EvaluationContext, "fetchFile">,
): Promise<Model> {
  const trained = readTeacher(await fetchFile(sha256));
  if (trained.dataset !== dataset.name) {
    throw new EvaluationError("infeasible", `The teacher learned ${trained.dataset}, not ${dataset.name}.`);
  }
  const model = buildModel(trained.graph, 0);
  const { height, width, channels } = trained.graph.input;
  const { input } = dataset;
  const isForImages = height === input.height && width === input.width && channels === input.channels;
  if (model.outputs !== dataset.classes || !isForImages) {
    model.dispose();
    throw new EvaluationError("infeasible", `The teacher is not for the images and classes of ${dataset.name}.`);
  }
  loadTrained(model, trained);
  return model;
}
