import { writeFile } from "node:fs/promises";
import { searchContext } from "../../coordinator/search/context.ts";
import { SearchSpecError } from "../../coordinator/search/job.ts";
import type { CostSpec } from "../../coordinator/search/types.ts";
import { InputError, TableError } from "../../network/errors.ts";
import type { BenchSearchOptions } from "../commands/bench.ts";
import { badInput, specLines, systemCode } from "../errors.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { formatDuration } from "../format.ts";
import { printJson, printNote, printResult } from "../output.ts";
import { packageFile } from "../package-file.ts";
import { describeSystemError, FileError, readAtMost } from "../read-file.ts";
import { listenForStop, stopSignals } from "../signals.ts";
import { benchRow } from "./bench-row.ts";
import { benchSpec } from "./bench-spec.ts";
import { noiseDeviation } from "./noise.ts";
import { loadProblem, type ProblemSource } from "./problem-source.ts";
import { benchCsv } from "./report-csv.ts";
import { benchSvg } from "./report-svg.ts";
import { benchText } from "./report-text.ts";
import { runBench, type BenchRun, type LoadedProblem } from "./run-bench.ts";

/** Largest table, in bytes: as a job takes it. */
const maxTableBytes = 2 ** 28;

/** Weight of the cost hinge: the default of a job. */
const beta = 0.3;

/** Runs the benchmark that the flags ask for, and reports it. Throws CliError (bad input) before any search is run. */
export async function benchSearch(options: BenchSearchOptions): Promise<ExitCode> {
  const problems = await loadProblems(options);
  checkSearches(problems, options);
  for (const file of [options.csv, options.svg]) if (file !== undefined) await touchReport(file);
  const stop = listenForStop(stopSignals, () => undefined);
  const startMs = performance.now();
  const note = ({ problem, algorithm, records }: BenchRun): void =>
    printNote(
      `${problem.name}, ${algorithm}: ${String(records.length)} searches done after ${formatDuration(performance.now() - startMs)}`,
    );
  const searches = problems.length * options.algorithms.length * options.seeds;
  printNote(`${searches.toLocaleString("en")} searches`);
  try {
    const runs = await runBench(problems, options.algorithms, options, stop.signal, note);
    await report(runs, options);
    return exitCodes.done;
  } catch (error) {
    const code = stop.exitCode();
    if (code === null) throw error;
    printNote("stopped");
    return code;
  } finally {
    stop.dispose();
  }
}

async function report(runs: readonly BenchRun[], options: BenchSearchOptions): Promise<void> {
  const rows = runs.map(({ problem, algorithm, records }) => benchRow(problem.name, algorithm, options, records));
  if (options.csv !== undefined) await writeReport(options.csv, benchCsv(runs, options));
  if (options.svg !== undefined) await writeReport(options.svg, benchSvg(runs, options.maxDraws));
  if (options.json === true) {
    printJson(rows);
    return;
  }
  const problems = [...new Set(runs.map(({ problem }) => problem))];
  const texts = problems.map((problem) =>
    benchText(
      problem,
      rows.filter((_, place) => runs[place]?.problem === problem),
    ),
  );
  printResult(texts.join("\n\n"));
}

async function loadProblems(options: BenchSearchOptions): Promise<readonly LoadedProblem[]> {
  const files = options.table.length > 0 ? options.table : [packageFile("data/nas-bench-macro/table.json")];
  const loaded: LoadedProblem[] = [];
  for (const file of files) {
    try {
      const bytes = await readAtMost(file, maxTableBytes);
      const source: ProblemSource = { type: "table", bytes, cost: costOf(options) };
      const problem = loadProblem(source);
      const earlier = loaded.findIndex((other) => other.problem.name === problem.name);
      if (earlier >= 0)
        throw badInput(`--table ${file}: its name ${problem.name} is that of ${String(files[earlier])} too.`);
      loaded.push({
        source,
        problem,
        noise: options.noise === undefined ? 0 : noiseDeviation(problem, options.noise),
      });
    } catch (error) {
      if (error instanceof FileError) throw badInput(`--table ${file} ${error.message}`);
      if (error instanceof TableError) throw badInput(...specLines(error).map((line) => `--table ${file}: ${line}`));
      if (error instanceof InputError)
        throw badInput(...error.mistakes.map(({ path, message }) => `${optionOf(path, "")}: ${message}`));
      throw error;
    }
  }
  return loaded;
}

function costOf({ macs, params }: BenchSearchOptions): CostSpec | null {
  if (macs === undefined && params === undefined) return null;
  return { ...(macs !== undefined && { macs }), ...(params !== undefined && { params }), beta };
}

/** Throws CliError where a search cannot be run as asked for; every such search, a line each. */
function checkSearches(problems: readonly LoadedProblem[], options: BenchSearchOptions): void {
  const lines = problems.flatMap(({ problem }) =>
    options.algorithms.flatMap(({ label, spec }) => {
      try {
        searchContext(benchSpec(spec, problem.cost, options), problem.space);
        return [];
      } catch (error) {
        if (!(error instanceof SearchSpecError)) throw error;
        return error.mistakes.map(({ path, message }) => `${optionOf(path, label)}: ${message}`);
      }
    }),
  );
  if (lines.length > 0) throw badInput(...new Set(lines));
}

/** The flag that a field of the search's spec came from. */
function optionOf(path: string, label: string): string {
  const [part = "", ...field] = path.split(/[.[]/);
  const rest = field.join(".");
  if (part === "cost") return rest === "" ? "--macs, --params" : `--${rest}`;
  if (part === "algorithm") return `--algorithms ${label}${rest === "" || rest === "name" ? "" : `: ${rest}`}`;
  return part === "stages" && rest.endsWith("updateAfter") ? "--update-after" : "--stages";
}

/** Tries whether a report can be written, before the searches are run; leaves a file that is there as it is. */
function touchReport(file: string): Promise<void> {
  return writeReport(file, "", "a");
}

async function writeReport(file: string, text: string, flag: "w" | "a" = "w"): Promise<void> {
  try {
    await writeFile(file, text, { flag });
  } catch (error) {
    if (systemCode(error) === "") throw error;
    throw badInput(`${file} cannot be written: ${describeSystemError(error)}.`);
  }
}
