import { z } from "zod";
import type { Measurement } from "../../../network/measurement.ts";
import { integer, mistakesOf, mustBe, record } from "../../../network/schema.ts";
import { EvaluationError } from "../evaluator.ts";

const fraction = mustBe("a number from 0 to 1");
const finite = mustBe("a finite number");

/** A program's measurement; a loss that is null is not given. */
const schema = record({
  accuracy: z.number(fraction).min(0, fraction).max(1, fraction),
  loss: z.number(finite).nullable().optional(),
  steps: integer(0).optional(),
  extra: z.record(z.string(), z.number(finite), mustBe("an object of numbers")).default({}),
});

/** What Python's json module and others write for numbers that JSON has no words for. */
const noNumber = /(?<=[:\s])(NaN|-?Infinity)(?=[\s,}])/;

/**
 * Reads the line that a program ends its standard output with.
 * @param steps training steps that count where the line tells none.
 * @throws EvaluationError `nan_loss` where accuracy or loss is no number, `internal` where the line is no measurement; it names the field.
 */
export function readMeasurement(line: string, steps: number): Measurement {
  const figures = readJson(line);
  const parsed = schema.safeParse(figures);
  if (!parsed.success) {
    const mistakes = mistakesOf(parsed.error).map(({ path, message }) =>
      path === "" ? message : `${path} ${message}`,
    );
    throw noMeasurement(line, mistakes.join(" "));
  }
  const { accuracy, loss, steps: told = steps, extra } = parsed.data;
  return { accuracy, ...(typeof loss === "number" ? { loss } : {}), steps: told, extra };
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    const found = noNumber.exec(line)?.[1];
    if (found === undefined) throw noMeasurement(line, "it is not valid JSON.");
    throw new EvaluationError("nan_loss", `The program measured ${found}: ${shorten(line)}`);
  }
}

function noMeasurement(line: string, why: string): EvaluationError {
  return new EvaluationError(
    "internal",
    `The last line of standard output is no measurement: ${why} It is ${shorten(line)}`,
  );
}

function shorten(line: string): string {
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
