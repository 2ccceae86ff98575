import { BackendBrokenError, type Backend } from "../backend/backend.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Model } from "../model/model.ts";
import { EvaluationError } from "./evaluator.ts";

/** Failures of an allocation: ours, the wasm module's, JavaScript's and TensorFlow's. */
const outOfMemory =
  /out of memory|OOM|memory access out of bounds|array buffer allocation failed|invalid typed array length|ResourceExhausted/i;

/** Throws EvaluationError `infeasible` where a model tells other classes apart than those of the data set. */
function checkClasses(model: Model, dataset: Dataset): void {
  if (model.outputs === dataset.classes) return;
  const detail = `The network tells ${model.outputs} classes apart, but ${dataset.name} has ${dataset.classes}.`;
  throw new EvaluationError("infeasible", detail);
}

/** Disposes a model whose backend may be broken: what then cannot be freed goes with the backend. */
function disposeBroken(model: Model | undefined): void {
  try {
    model?.dispose();
  } catch {
    // The restart that follows frees the whole heap.
  }
}

/**
 * Builds a model for a data set, uses it and disposes it. Rejects with what `build` and `use` throw, with EvaluationError `infeasible` where the
 * model's classes are not the data set's, or `out_of_memory`: after that the backend has been started afresh, as it has where `use` rejected with
 * BackendBrokenError, and the next network finds all memory free.
 */
export async function withModel<T>(
  backend: Backend,
  dataset: Dataset,
  build: () => Model,
  use: (model: Model) => Promise<T>,
): Promise<T> {
  let model: Model | undefined;
  try {
    model = build();
    checkClasses(model, dataset);
    return await use(model);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isMemory = !(error instanceof EvaluationError) && outOfMemory.test(message);
    if (!isMemory && !(error instanceof BackendBrokenError)) throw error;
    disposeBroken(model);
    model = undefined;
    await backend.restart();
    if (!isMemory) throw error;
    throw new EvaluationError("out_of_memory", `The network does not fit: ${message}`, { cause: error });
  } finally {
    model?.dispose();
  }
}
