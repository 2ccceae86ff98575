import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { backendNames, type BackendName } from "../../../worker/backend/backend.ts";
import type { Seen } from "./trials-main.ts";

const program = fileURLToPath(new URL("trials-main.js", import.meta.url));
const trials = 1000;
/** The last tenth's memory may be so much above that of the second tenth; in the first, networks are larger than any before. */
const allowedGrowth = 1.1;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function seenOn(backend: BackendName): Promise<Seen | string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, backend, String(trials)]);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Seen;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    return said === "" ? String(error) : said;
  }
}

/**
 * Whether a process that evaluates a thousand networks has as many tensors after each, and its resident memory does not grow. Plain
 * JavaScript, on which that would take an hour, is left out. Prints a line a backend.
 */
export async function checkTrials(): Promise<boolean> {
  let isFlat = true;
  for (const backend of backendNames.filter((name) => name !== "cpu")) {
    const seen = await seenOn(backend);
    if (typeof seen === "string") {
      console.log(`${backend}: not here: ${seen}`);
      continue;
    }
    const { tensors, residentBytes } = seen;
    const counts = [...new Set(tensors)];
    const tenth = residentBytes.length / 10;
    const [early, late] = [mean(residentBytes.slice(tenth, 2 * tenth)), mean(residentBytes.slice(-tenth))];
    const passed = counts.length === 1 && late <= allowedGrowth * early;
    isFlat &&= passed;
    const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
    console.log(
      `${backend}: ${trials} trials, ${counts.join(" or ")} tensors after each, ${mib(early)} at first and ${mib(late)} at last${passed ? "" : ": NOT FLAT"}`,
    );
  }
  return isFlat;
}
