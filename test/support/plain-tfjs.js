// What somebody writes who has the address of a model and images, and knows nothing of fpnas: `plain-tfjs.js MODEL_URL IMAGE.png ..`
// prints the metadata of the model and a row of probabilities for each image.
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { loadLayersModel } from "@tensorflow/tfjs-layers";
import { PNG } from "pngjs";

const [url, ...images] = process.argv.slice(2);
const model = await loadLayersModel(url);
const [, height, width] = model.inputs[0].shape;
const pixels = images.flatMap((path) => {
  const { data } = PNG.sync.read(readFileSync(path));
  return Array.from({ length: height * width }, (_, pixel) => data[4 * pixel]);
});
const outputs = model.predict(tf.tensor4d(pixels, [images.length, height, width, 1]));
console.log(JSON.stringify({ metadata: model.getUserDefinedMetadata(), rows: await outputs.array() }));
