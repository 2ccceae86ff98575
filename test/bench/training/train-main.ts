/** Trains the benchmark's network on one backend: train-main.js BACKEND STEM_STRIDE BATCH SECONDS. Prints its figures as JSON. */
import { backendNames } from "../../../worker/backend/backend.ts";
import { twoBlockNetwork } from "../../../worker/backend/measure-backend.ts";
import { oneOf } from "../flags.ts";
import { trainingRate } from "./training-rate.ts";

const [backend = "", stride, batch, seconds] = process.argv.slice(2);
const name = oneOf("backend", backend, backendNames);
try {
  console.log(
    JSON.stringify(await trainingRate(name, twoBlockNetwork(Number(stride)), Number(batch), Number(seconds))),
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
// A backend may keep threads that hold the process up.
process.exit();
