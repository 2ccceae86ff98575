import { constants } from "node:os";
import type { Measurement } from "../../../network/measurement.ts";
import { EvaluationError } from "../evaluator.ts";
import type { PrintedLine } from "./lines.ts";
import { readMeasurement } from "./read-measurement.ts";
import type { ProgramEnd } from "./run-program.ts";

/** The exit code by which a program says that the network cannot be evaluated: EX_DATAERR of sysexits.h. */
const infeasibleCode = 65;

/** What programs print whose device or process has no memory left: Python's, C++'s, PyTorch's, JAX's and the system's words. */
const outOfMemory =
  /\b(MemoryError|OutOfMemoryError|std::bad_alloc|RESOURCE_EXHAUSTED)\b|out of memory|cannot allocate memory/i;

const killedCode = 128 + constants.signals.SIGKILL;

/** What a program has printed, as far as it is kept. */
export interface Printed {
  /** Of standard output; null where it printed nothing. */
  readonly lastLine: PrintedLine | null;
  /** The last lines of standard error. */
  readonly errors: readonly string[];
}

/**
 * What the end of a program means: a measurement, or a failure with its reason.
 * @param steps training steps that count where the measurement tells none.
 * @throws EvaluationError
 */
export function judgeEnd({ code, excessBytes }: ProgramEnd, { lastLine, errors }: Printed, steps: number): Measurement {
  if (excessBytes !== null) {
    const mebibytes = Math.ceil(excessBytes / 2 ** 20);
    throw new EvaluationError(
      "out_of_memory",
      `The program took ${mebibytes} MiB, more than evaluator.command.memoryMiB.`,
    );
  }
  if (code !== 0) throw failureOf(code, errors);
  if (lastLine === null) {
    throw new EvaluationError("internal", withErrors("The program printed no measurement to standard output", errors));
  }
  if (lastLine.isCut) {
    throw new EvaluationError("internal", "The last line of standard output is too long to be a measurement.");
  }
  return readMeasurement(lastLine.text, steps);
}

function failureOf(code: number, errors: readonly string[]): EvaluationError {
  if (code === infeasibleCode)
    return new EvaluationError("infeasible", withErrors("The program refused the network", errors));
  if (code === killedCode) {
    const text = "The program was killed (SIGKILL), as the system does with whoever has taken its memory";
    return new EvaluationError("out_of_memory", withErrors(text, errors));
  }
  const reason = errors.some((line) => outOfMemory.test(line)) ? "out_of_memory" : "internal";
  return new EvaluationError(reason, withErrors(`The program ended with ${describeCode(code)}`, errors));
}

function describeCode(code: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return signal === undefined ? `code ${code}` : `${signal[0]} (code ${code})`;
}

function withErrors(text: string, errors: readonly string[]): string {
  return errors.length === 0 ? `${text}.` : `${text}. It said last: ${errors.join(" | ")}`;
}
