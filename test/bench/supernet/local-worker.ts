import type { Evaluation } from "../../../network/evaluation.ts";
import type { Measurement } from "../../../network/measurement.ts";
import type { Network } from "../../../network/types.ts";
import { loadWasm } from "../../../worker/backend/wasm/load.ts";
import { loadDataset } from "../../../worker/data/load-dataset.ts";
import type { EvaluationContext, SharedWeights } from "../../../worker/evaluator/evaluator.ts";
import { createSupernetEvaluator } from "../../../worker/evaluator/supernet/supernet.ts";
import { createTrainEvaluator } from "../../../worker/evaluator/train.ts";

/** A worker in this process: on wasm, one thread. */
export interface LocalWorker {
  /** As the evaluators reject. */
  evaluate(network: Network, evaluation: Evaluation, weights: SharedWeights): Promise<Measurement>;
}

/** What trainings with weights of their own have for shared ones. */
export const noWeights: SharedWeights = {
  fetch: () => Promise.reject(new Error("there are no shared weights")),
  put: () => Promise.reject(new Error("there are no shared weights")),
};

/** Starts the backend. */
export async function startLocalWorker(): Promise<LocalWorker> {
  const backend = await loadWasm();
  const evaluators = [
    createTrainEvaluator({ backend, loadDataset }),
    createSupernetEvaluator({ backend, loadDataset }),
  ];
  return {
    evaluate: (network, evaluation, weights) => {
      const evaluator = evaluators.find(({ name }) => name === evaluation.type);
      if (evaluator === undefined) throw new Error(`no evaluator for ${evaluation.type} here`);
      const context: EvaluationContext = {
        trial: "local",
        signal: new AbortController().signal,
        fetchFile: () => Promise.reject(new Error("no files here")),
        checkpoints: { resume: () => Promise.resolve(null), offer: () => () => undefined },
        weights,
        // Nobody asks for them again.
        keepWeights: (bytes) => Promise.resolve({ sha256: "", sizeBytes: bytes.length }),
        wait: (what) => what,
        computed: () => undefined,
      };
      return evaluator.evaluate(network, evaluation, context);
    },
  };
}
