import type { Logger } from "pino";
import { EvaluationError, type Evaluator } from "../evaluator.ts";
import { programEnvironment } from "./environment.ts";
import { judgeEnd } from "./judge-end.ts";
import { PrintedLog } from "./printed-log.ts";
import { programInput } from "./program-input.ts";
import { runProgram } from "./run-program.ts";
import { makeWorkingFolder, removeFolder } from "./working-folder.ts";

/**
 * The evaluator that has a program of the user's measure a network (docs/spec.md, Programs): in a fresh folder with the job's files, the network
 * on its standard input, the measurement the last line of its standard output. What it prints goes to the log.
 *
 * Rejects with EvaluationError `infeasible` (it refused the network), `out_of_memory`, `nan_loss`, `data_unavailable` (a file of the job cannot
 * be had), and `internal` for every other end of the program; the detail holds the last lines of its standard error. When it has settled, no
 * process of the program's group and no folder is left.
 *
 * A worker runs whatever program a job names: only its operator can say whether that may be.
 */
export function createCommandEvaluator(logger: Logger): Evaluator {
  return {
    name: "command",
    evaluate: async (network, evaluation, context) => {
      if (evaluation.type !== "command") throw new Error(`not an evaluation by a program: ${evaluation.type}`);
      if (network.type !== "graph") {
        throw new EvaluationError("infeasible", "A row of a table is no network that a program can train.");
      }
      const { run, files, env, memoryLimitBytes = null, steps = 0 } = evaluation;
      const folder = await makeWorkingFolder(files, (sha256) => context.fetchFile(sha256));
      try {
        const printed = new PrintedLog(logger.child({ trial: context.trial }));
        const end = await runProgram(
          {
            ...{ run, folder, memoryLimitBytes },
            environment: programEnvironment(process.env, env),
            input: programInput(network, evaluation, context.trial),
            onLine: (stream, line) => printed.take(stream, line),
          },
          context.signal,
        );
        return judgeEnd(end, printed, steps);
      } finally {
        await removeFolder(folder).catch((error: unknown) =>
          logger.warn({ err: error, folder }, "left a folder behind"),
        );
      }
    },
  };
}
