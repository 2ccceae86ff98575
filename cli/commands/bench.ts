import { Option, type Command } from "commander";
import { allAlgorithms, parseAlgorithms, type AlgorithmChoice } from "../bench/algorithm-choice.ts";
import { stageForms, type StageForm } from "../bench/bench-spec.ts";
import { landscapeNames, parseLandscape, type LandscapeChoice } from "../bench/landscape/registry.ts";
import { benchSearch } from "../bench/bench-search.ts";
import { exitWith } from "../command.ts";
import { jsonOption, parseAmount, parseCount, parseTau } from "../options.ts";

/** Flags of `fpnas bench search`. */
export interface BenchSearchOptions {
  readonly table: readonly string[];
  readonly landscape: readonly LandscapeChoice[];
  readonly algorithms: readonly AlgorithmChoice[];
  readonly seeds: number;
  readonly workers: number;
  readonly maxDraws: number;
  readonly stages: StageForm;
  readonly macs?: number;
  readonly params?: number;
  readonly noise?: number;
  readonly peers?: true;
  readonly json?: true;
  readonly csv?: string;
  readonly svg?: string;
}

/** `fpnas bench search`: how many draws each algorithm needs, in virtual time on problems whose answer is known. */
export function addBench(program: Command): void {
  program
    .command("bench")
    .description("measure parts of fpnas")
    .command("search")
    .description("count the draws that algorithms need on tables of known results, in virtual time")
    .addOption(
      new Option("--table <file>", "table of known results; repeatable")
        .default([], "NAS-Bench-Macro")
        .argParser((file: string, files: readonly string[]) => [...files, file]),
    )
    .addOption(
      new Option(
        "--landscape <name>",
        `function of known optimum; repeatable: ${landscapeNames.join(", ")}; NAME:N is another of its kind`,
      )
        .default([], "none")
        .argParser((text: string, landscapes: readonly LandscapeChoice[]) => [...landscapes, parseLandscape(text)]),
    )
    .addOption(
      new Option("--algorithms <list>", "such as fp-nas,parsec:k=8: names between commas, settings after colons")
        .default(allAlgorithms, "all")
        .argParser(parseAlgorithms),
    )
    .addOption(
      new Option("--seeds <n>", "searches of each algorithm on each table").default(100).argParser(parseCount(100_000)),
    )
    .addOption(new Option("--workers <n>", "virtual workers").default(1).argParser(parseCount(1024)))
    .addOption(
      new Option("--max-draws <n>", "draws after which a search is stopped")
        .default(500)
        .argParser(parseCount(1_000_000)),
    )
    .addOption(new Option("--stages <form>", "stages of the searches").choices(stageForms).default("factorized"))
    .addOption(new Option("--macs <n>", "cost target: the answer has at most so many MACs").argParser(parseAmount))
    .addOption(new Option("--params <n>", "cost target: the answer has at most so many params").argParser(parseAmount))
    .addOption(
      new Option("--noise <tau>", "noise on every accuracy, by Kendall's tau of noisy and true ones").argParser(
        parseTau,
      ),
    )
    .option("--peers", "search with Optuna's TPE too, in a Python environment of its own")
    .addOption(jsonOption("print an array with an object for each table and algorithm"))
    .option("--csv <file>", "write a line for each search")
    .option("--svg <file>", "draw the median regret over the draws")
    .action(exitWith(benchSearch));
}
