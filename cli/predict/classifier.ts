import * as tf from "@tensorflow/tfjs-core";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { loadTrained } from "../../worker/evaluator/trained-weights.ts";
import { buildModel } from "../../worker/model/model.ts";
import type { ReadExport } from "./read-export.ts";

/** A network that is ready to classify images. */
export interface Classifier {
  /** A probability for each class, in the order of its labels, of an image in the network's shape with pixels from 0 to 255. */
  classify(pixels: Float32Array): Promise<readonly number[]>;
  /** Frees the network. */
  dispose(): void;
}

/** Builds an exported network with its weights on the wasm backend. */
export async function loadClassifier({ architecture, trained }: ReadExport): Promise<Classifier> {
  await selectBackend("wasm");
  const model = buildModel(trained.graph, 0);
  loadTrained(model, trained);
  const { height, width, channels } = trained.graph.input;
  const { mean, deviation } = architecture.normalization;
  return {
    classify: async (pixels) => {
      const normalized = pixels.map((pixel) => (pixel - mean) / deviation);
      const image = tf.tensor4d(normalized, [1, height, width, channels]);
      const logits = model.infer(image);
      const values = await logits.data();
      tf.dispose([image, logits]);
      return softmax([...values]);
    },
    dispose: () => model.dispose(),
  };
}

function softmax(logits: readonly number[]): readonly number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
