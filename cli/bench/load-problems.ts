import type { CostSpec } from "../../coordinator/search/types.ts";
import { InputError, TableError, type Mistake } from "../../network/errors.ts";
import type { BenchSearchOptions } from "../commands/bench.ts";
import { badInput, specLines } from "../errors.ts";
import { packageFile } from "../package-file.ts";
import { FileError, readAtMost } from "../read-file.ts";
import { noiseDeviation } from "./noise.ts";
import type { BenchProblem } from "./problem.ts";
import { loadProblem, type ProblemSource } from "./problem-source.ts";

/** A problem to search, made from its source and checked. */
export interface LoadedProblem {
  readonly source: ProblemSource;
  readonly problem: BenchProblem;
  /** Standard deviation of the noise; 0 for exact rewards. */
  readonly noise: number;
}

/** Largest table, in bytes: as a job takes it. */
const maxTableBytes = 2 ** 28;

/** Weight of the cost hinge: the default of a job. */
const beta = 0.3;

/** Makes the tables, then the landscapes, that the flags name. Throws CliError (bad input). */
export async function loadProblems(options: BenchSearchOptions): Promise<readonly LoadedProblem[]> {
  const { table, landscape, noise } = options;
  const cost = costOf(options);
  if (cost !== null && landscape.length > 0)
    throw badInput(`${targetFlags(cost)}: A landscape has targets of its own, or no costs.`);
  const files = table.length + landscape.length > 0 ? table : [packageFile("data", "nas-bench-macro", "table.json")];
  const loaded: LoadedProblem[] = [];
  const add = (flag: string, source: ProblemSource): void => {
    const problem = makeProblem(flag, source, cost);
    if (loaded.some((other) => other.problem.name === problem.name))
      throw badInput(`${flag}: There is a table or landscape ${problem.name} before it.`);
    loaded.push({ source, problem, noise: noise === undefined ? 0 : noiseDeviation(problem, noise) });
  };
  for (const file of files) add(`--table ${file}`, { type: "table", bytes: await readTable(file), cost });
  for (const choice of landscape) add(`--landscape ${choice.name}`, { type: "landscape", landscape: choice });
  return loaded;
}

async function readTable(file: string): Promise<Uint8Array> {
  try {
    return await readAtMost(file, maxTableBytes);
  } catch (error) {
    if (error instanceof FileError) throw badInput(`--table ${file} ${error.message}`);
    throw error;
  }
}

function makeProblem(flag: string, source: ProblemSource, cost: CostSpec | null): BenchProblem {
  try {
    return loadProblem(source);
  } catch (error) {
    if (error instanceof TableError) throw badInput(...specLines(error).map((line) => `${flag}: ${line}`));
    if (error instanceof InputError)
      throw badInput(...error.mistakes.map((mistake) => `${costFlag(mistake, cost)}: ${mistake.message}`));
    throw error;
  }
}

/** The flag that a target with a mistake came from. */
function costFlag({ path }: Mistake, cost: CostSpec | null): string {
  return path === "cost" ? targetFlags(cost) : path.replace("cost.", "--");
}

function targetFlags(cost: CostSpec | null): string {
  return (["macs", "params"] as const)
    .filter((figure) => cost?.[figure] !== undefined)
    .map((figure) => `--${figure}`)
    .join(", ");
}

function costOf({ macs, params }: BenchSearchOptions): CostSpec | null {
  if (macs === undefined && params === undefined) return null;
  return { ...(macs !== undefined && { macs }), ...(params !== undefined && { params }), beta };
}
