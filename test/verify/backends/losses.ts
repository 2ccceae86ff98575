import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { backendNames, type BackendName } from "../../../worker/backend/backend.ts";

const program = fileURLToPath(new URL("losses-main.js", import.meta.url));
const first = 10;
const tolerance = 1e-4;
const steps = 300;
const last = 50;
const seeds = [1, 2, 3, 4, 5];
const reference: BackendName = "wasm";

/** The losses, or why there are none. */
async function lossesOf(backend: BackendName, count: number, seed: number): Promise<readonly number[] | string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, backend, String(count), String(seed)]);
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as number[];
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    return said === "" ? String(error) : said;
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const endOf = (losses: readonly number[]): number => mean(losses.slice(-last));

async function referenceLosses(seed: number): Promise<readonly number[]> {
  const losses = await lossesOf(reference, steps, seed);
  if (typeof losses === "string") throw new Error(`${reference}: ${losses}`);
  return losses;
}

/**
 * Whether every backend present trains alike: the losses of the first 10 steps, from the same weights on the same batches, agree with wasm's
 * to 1e-4 relative; the loss after 300 steps (mean of the last 50), from the seed that is in the middle of five on wasm, lies between the
 * least and the most of the five. Prints a line a backend.
 */
export async function checkLosses(): Promise<boolean> {
  let agree = true;
  const references: { readonly seed: number; readonly losses: readonly number[]; readonly end: number }[] = [];
  for (const seed of seeds) {
    const losses = await referenceLosses(seed);
    references.push({ seed, losses, end: endOf(losses) });
  }
  const ends = references.map(({ end }) => end);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const middle = references.toSorted((a, b) => a.end - b.end)[Math.floor(seeds.length / 2)];
  if (middle === undefined) throw new Error("there are seeds");
  console.log(
    `${reference}: after ${steps} steps ${ends.map((end) => end.toFixed(4)).join(", ")} over ${seeds.length} seeds`,
  );

  for (const backend of backendNames.filter((name) => name !== reference)) {
    // Plain JavaScript takes minutes for what the others do in seconds: it is held against the very first steps only.
    const count = backend === "cpu" ? 2 : steps;
    const losses = await lossesOf(backend, count, middle.seed);
    if (typeof losses === "string") {
      console.log(`${backend}: not here: ${losses}`);
      continue;
    }
    const apart = Math.max(
      ...losses.slice(0, first).map((loss, step) => Math.abs(loss / (middle.losses[step] ?? NaN) - 1)),
    );
    const agrees = apart <= tolerance;
    const end = endOf(losses);
    const inSpread = count < steps || (end >= least && end <= most);
    agree &&= agrees && inSpread;
    const after =
      count < steps ? "" : `; after ${steps} steps ${end.toFixed(4)}, ${inSpread ? "within" : "OUTSIDE"} the spread`;
    console.log(
      `${backend}: first ${first} losses apart by ${apart.toExponential(1)} at most${agrees ? "" : ", TOO MUCH"}${after}`,
    );
  }
  return agree;
}
