/**
 * `weights-churn FOLDER FIRST LAST [LINE TURNS]`: does these rounds of churn on shared weights in a folder, a line on stdout for each step.
 * With the given line it goes on for so many turns of the event loop, and is then killed wherever it is.
 */
import { writeSync } from "node:fs";
import { openWeightsStore } from "../../coordinator/weights/open-store.ts";
import { WeightsError } from "../../coordinator/weights/weights-store.ts";
import { churnRound } from "./weights-churn-plan.ts";

const [folder = "", first, last, line = "0", turns = "0"] = process.argv.slice(2);
let told = 0;

function dieAfter(left: number): void {
  if (left === 0) process.kill(process.pid, "SIGKILL");
  else setImmediate(dieAfter, left - 1);
}

function tell(text: string): void {
  // At once: what was told must have been told before the process is killed.
  writeSync(1, `${text}\n`);
  told += 1;
  if (told === Number(line)) dieAfter(Number(turns));
}

const weights = await openWeightsStore(folder);
try {
  for (let round = Number(first); round <= Number(last); round += 1) await churnRound(weights, round, tell);
} catch (error) {
  if (!(error instanceof WeightsError)) throw error;
  tell(`refused ${error.code} ${error.message}`);
}
await weights.close();
