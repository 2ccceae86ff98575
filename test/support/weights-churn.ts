/** `weights-churn FOLDER FIRST LAST`: does these rounds of churn on shared weights in a folder, a line on stdout for each step. */
import { writeSync } from "node:fs";
import { openWeightsStore } from "../../coordinator/weights/open-store.ts";
import { WeightsError } from "../../coordinator/weights/weights-store.ts";
import { churnRound } from "./weights-churn-plan.ts";

const [folder = "", first, last] = process.argv.slice(2);
// At once: what was told must have been told before the process is killed.
const tell = (line: string): void => void writeSync(1, `${line}\n`);
const weights = await openWeightsStore(folder);
try {
  for (let round = Number(first); round <= Number(last); round += 1) await churnRound(weights, round, tell);
} catch (error) {
  if (!(error instanceof WeightsError)) throw error;
  tell(`refused ${error.code} ${error.message}`);
}
await weights.close();
