import { writeFile } from "node:fs/promises";
import { searchContext } from "../../coordinator/search/context.ts";
import { SearchSpecError } from "../../coordinator/search/job.ts";
import type { BenchSearchOptions } from "../commands/bench.ts";
import { badInput, systemCode } from "../errors.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { printJson, printNote, printResult } from "../output.ts";
import { describeSystemError } from "../read-file.ts";
import { listenForStop, stopSignals } from "../signals.ts";
import { benchRow } from "./bench-row.ts";
import { benchSpec } from "./bench-spec.ts";
import { loadProblems, type LoadedProblem } from "./load-problems.ts";
import { peers } from "./peers/peer.ts";
import { pythonWithOptuna } from "./peers/python-environment.ts";
import { runPeers } from "./peers/run-peers.ts";
import { BenchProgress } from "./progress.ts";
import { benchCsv } from "./report-csv.ts";
import { benchSvg } from "./report-svg.ts";
import { benchText } from "./report-text.ts";
import { runBench, type BenchRun } from "./run-bench.ts";

/** Runs the benchmark that the flags ask for, and reports it. Throws CliError (bad input) before any search is run. */
export async function benchSearch(options: BenchSearchOptions): Promise<ExitCode> {
  const problems = await loadProblems(options);
  checkSearches(problems, options);
  for (const file of [options.csv, options.svg]) if (file !== undefined) await touchReport(file);
  const stop = listenForStop(stopSignals, () => undefined);
  const searchers = options.algorithms.length + (options.peers === true ? peers.length : 0);
  const progress = new BenchProgress(problems.length * searchers * options.seeds);
  try {
    const python = options.peers === true ? await pythonWithOptuna(printNote, stop.signal) : null;
    const own = await runBench(problems, options.algorithms, options, stop.signal, progress);
    const others = python === null ? [] : await runPeers(python, problems, options, stop.signal, progress);
    const runs = problems.flatMap(({ problem }) => [...own, ...others].filter((run) => run.problem === problem));
    progress.close();
    await report(runs, options);
    return exitCodes.done;
  } catch (error) {
    progress.close();
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
  if (part === "algorithm") return `--algorithms ${label}${rest === "" || rest === "name" ? "" : `: ${rest}`}`;
  return "--stages";
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
