import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import type { TfjsModel } from "../../coordinator/export/tfjs/model.ts";

/** Opens an exported model from memory, as `tf.loadLayersModel` opens it from anywhere else. */
export function openTfjsModel({ modelJson, shards }: TfjsModel): Promise<layers.LayersModel> {
  const json = JSON.parse(modelJson) as tf.io.ModelJSON;
  const load = () =>
    tf.io.getModelArtifactsForJSON(json, (manifest) => {
      const paths = manifest.flatMap((group) => group.paths);
      const bytes = Buffer.concat(paths.map((path) => shards.get(path)!));
      const specs = manifest.flatMap((group) => group.weights);
      return Promise.resolve([specs, Uint8Array.from(bytes).buffer]);
    });
  return layers.loadLayersModel({ load });
}

/** Logits and probabilities of an opened model for pixels from 0 to 255. */
export function runTfjsModel(model: layers.LayersModel, pixels: tf.Tensor4D): readonly [Float32Array, Float32Array] {
  const outputs = [model.layers.at(-2)!, model.layers.at(-1)!].map(({ output }) => output as layers.SymbolicTensor);
  const both = layers.model({ inputs: model.inputs, outputs });
  const [logits, probabilities] = both.predict(pixels) as [tf.Tensor, tf.Tensor];
  const values = [logits.dataSync() as Float32Array, probabilities.dataSync() as Float32Array] as const;
  tf.dispose([logits, probabilities]);
  return values;
}
