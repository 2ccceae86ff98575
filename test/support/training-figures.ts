/** A program that trains the tiny network from a seed and prints what it measures: `node training-figures.js SEED`. */
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { contextOf } from "./training-checkpoints.ts";
import { tinyDataset, tinyNetwork, tinyTraining } from "./training-networks.ts";

const backend = await selectBackend("wasm");
const dataset = tinyDataset({ train: 60, validation: 30, test: 30 });
const evaluator = createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(dataset) });
const evaluation = { ...tinyTraining, seed: Number(process.argv[2]) };
const { accuracy, loss } = await evaluator.evaluate(tinyNetwork, evaluation, contextOf());
console.log(JSON.stringify({ accuracy, loss }));
