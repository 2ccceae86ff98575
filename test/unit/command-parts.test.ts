import { describe, expect, test } from "@jest/globals";
import pino from "pino";
import type { FailureReason } from "../../network/measurement.ts";
import { programEnvironment } from "../../worker/evaluator/command/environment.ts";
import { judgeEnd } from "../../worker/evaluator/command/judge-end.ts";
import { LineReader, type PrintedLine } from "../../worker/evaluator/command/lines.ts";
import { PrintedLog } from "../../worker/evaluator/command/printed-log.ts";
import { readMeasurement } from "../../worker/evaluator/command/read-measurement.ts";
import { EvaluationError } from "../../worker/evaluator/evaluator.ts";

function failureOf(judge: () => unknown): readonly [FailureReason, string] {
  try {
    judge();
  } catch (error) {
    if (error instanceof EvaluationError) return [error.reason, error.message];
    throw error;
  }
  throw new Error("it did not fail");
}

describe("lines", () => {
  function linesOf(maxLength: number, ...pieces: readonly string[]): readonly PrintedLine[] {
    const lines: PrintedLine[] = [];
    const reader = new LineReader(maxLength, (line) => lines.push(line));
    for (const piece of pieces) reader.push(Buffer.from(piece, "latin1"));
    reader.end();
    return lines;
  }
  const texts = (lines: readonly PrintedLine[]) => lines.map(({ text }) => text);

  test("end with LF, CR or both, or with the output, wherever it is cut; empty ones are left out", () => {
    expect(texts(linesOf(99, "a\nb", "c\r", "\n\n  \n50%\r100%\rend"))).toEqual(["a", "bc", "50%", "100%", "end"]);
  });

  test("are UTF-8, also where a character is cut in two", () => {
    expect(texts(linesOf(99, "\xe2\x82", "\xac\n"))).toEqual(["€"]);
  });

  test("that are too long are cut, and say so", () => {
    expect(linesOf(4, "abcd\nab", "cde", "fgh\nij")).toEqual([
      { text: "abcd", isCut: false },
      { text: "abcd", isCut: true },
      { text: "ij", isCut: false },
    ]);
  });
});

describe("a measurement", () => {
  test("needs an accuracy and nothing else; steps that it does not tell are those that were asked for", () => {
    expect(readMeasurement('{"accuracy": 1}', 30)).toEqual({ accuracy: 1, steps: 30, extra: {} });
    expect(readMeasurement('{"accuracy": 0, "loss": null, "steps": 3}', 30)).toEqual({
      accuracy: 0,
      steps: 3,
      extra: {},
    });
  });

  test("may tell its loss and further figures", () => {
    const figures = { accuracy: 0.5, loss: 1.25, steps: 9, extra: { seconds: 3, f1: -0.5 } };
    expect(readMeasurement(JSON.stringify(figures), 0)).toEqual(figures);
  });

  test.each([
    ["{}", "accuracy is missing; it must be a number from 0 to 1."],
    ['{"accuracy": 93.1}', "accuracy must be a number from 0 to 1, not 93.1."],
    ['{"accuracy": "0.9"}', 'accuracy must be a number from 0 to 1, not "0.9".'],
    ['{"accuracy": 0.9, "loss": "low"}', 'loss must be a finite number, not "low".'],
    ['{"accuracy": 0.9, "steps": 1.5}', "steps must be an integer of at least 0, not 1.5."],
    ['{"accuracy": 0.9, "extra": {"f1": "x"}}', 'extra.f1 must be a finite number, not "x".'],
    ['{"accuracy": 0.9, "extra": [1]}', "extra must be an object of numbers, not a list."],
    [
      '{"acuracy": 0.9, "accuracy": 0.9}',
      "acuracy unknown key. Did you mean accuracy? Allowed: accuracy, loss, steps, extra.",
    ],
    ["[0.9]", "must be an object, not a list."],
    ["accuracy 0.9", "it is not valid JSON."],
  ])("is none where it is %s, with what is wrong and what was found", (line, why) => {
    const detail = `The last line of standard output is no measurement: ${why} It is ${line}`;
    expect(failureOf(() => readMeasurement(line, 0))).toEqual(["internal", detail]);
  });

  test("is cut short where it is quoted", () => {
    expect(failureOf(() => readMeasurement("x".repeat(5000), 0))[1].length).toBeLessThan(400);
  });

  test.each(['{"accuracy": NaN}', '{"accuracy":0.1,"loss":Infinity}', '{"accuracy": 0.1, "loss": -Infinity}'])(
    "of no number (%s) means that the training went off",
    (line) => {
      expect(failureOf(() => readMeasurement(line, 0))).toEqual(["nan_loss", expect.stringContaining(line)]);
    },
  );
});

describe("the end of a program", () => {
  const printed = (last: string | null, ...errors: readonly string[]) => ({
    lastLine: last === null ? null : { text: last, isCut: false },
    errors,
  });
  const good = '{"accuracy": 0.5}';

  test("with 0 and a measurement is that", () => {
    expect(judgeEnd({ code: 0, excessBytes: null }, printed(good), 7)).toEqual({ accuracy: 0.5, steps: 7, extra: {} });
  });

  test.each<[string, number, readonly string[], FailureReason, string]>([
    ["65", 65, ["too deep for me"], "infeasible", "The program refused the network. It said last: too deep for me"],
    ["another code", 1, ["a", "b"], "internal", "The program ended with code 1. It said last: a | b"],
    ["another code and no word", 3, [], "internal", "The program ended with code 3."],
    ["a signal", 139, [], "internal", "The program ended with SIGSEGV (code 139)."],
    [
      "SIGKILL",
      137,
      [],
      "out_of_memory",
      "The program was killed (SIGKILL), as the system does with whoever has taken its memory.",
    ],
    ...[
      "MemoryError",
      "torch.OutOfMemoryError: CUDA",
      "terminate: std::bad_alloc",
      "CUDA out of memory",
      "RESOURCE_EXHAUSTED: x",
    ].map((line): [string, number, readonly string[], FailureReason, string] => [
      line,
      1,
      [line, "at exit"],
      "out_of_memory",
      `The program ended with code 1. It said last: ${line} | at exit`,
    ]),
  ])(
    "with %s is a failure with its reason, also where it has printed a measurement",
    (_, code, errors, reason, detail) => {
      expect(failureOf(() => judgeEnd({ code, excessBytes: null }, printed(good, ...errors), 0))).toEqual([
        reason,
        detail,
      ]);
    },
  );

  test("by its memory names the limit's field and what it took", () => {
    const end = { code: 143, excessBytes: 300 * 2 ** 20 };
    const detail = "The program took 300 MiB, more than evaluator.command.memoryMiB.";
    expect(failureOf(() => judgeEnd(end, printed(good), 0))).toEqual(["out_of_memory", detail]);
  });

  test("with 0 and no measurement, or one too long to be one, is a failure", () => {
    const end = { code: 0, excessBytes: null };
    expect(failureOf(() => judgeEnd(end, printed(null, "hm"), 0))).toEqual([
      "internal",
      "The program printed no measurement to standard output. It said last: hm",
    ]);
    const cut = { lastLine: { text: good, isCut: true }, errors: [] };
    expect(failureOf(() => judgeEnd(end, cut, 0))[1]).toContain("too long");
  });
});

describe("what a program prints", () => {
  const line = (text: string): PrintedLine => ({ text, isCut: false });

  function printTo(take: (log: PrintedLog) => void) {
    const lines: { msg: string; stream?: string }[] = [];
    const logger = pino({ base: null }, { write: (text: string) => lines.push(JSON.parse(text) as { msg: string }) });
    const log = new PrintedLog(logger);
    take(log);
    return { log, lines };
  }

  test("goes to the log with the stream it came on, the last lines are kept", () => {
    const { log, lines } = printTo((log) => {
      log.take("stdout", line("one"));
      log.take("stderr", line("two"));
    });
    expect(lines).toMatchObject([
      { stream: "stdout", msg: "one" },
      { stream: "stderr", msg: "two" },
    ]);
    expect(log).toMatchObject({ lastLine: line("one"), errors: ["two"] });
  });

  test("is bounded: in lines, in their length, and in what a failure tells of it", () => {
    const { log, lines } = printTo((log) => {
      for (let index = 0; index < 5_000; index += 1) log.take("stderr", line(`${index} ${"x".repeat(9_000)}`));
    });
    expect(lines).toHaveLength(2_001);
    expect(lines.at(-1)?.msg).toBe("the program has printed 2000 lines: no more are logged");
    expect(Math.max(...lines.map(({ msg }) => msg.length))).toBe(2_000);
    expect(log.errors.at(-1)).toMatch(/^4999 x/);
    expect(log.errors.join("").length).toBeLessThanOrEqual(1_500);
    const { log: brief } = printTo((log) => {
      for (let index = 0; index < 100; index += 1) log.take("stderr", line(String(index)));
    });
    expect(brief.errors).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 80)));
  });
});

test("a program gets what it needs of the worker's environment, and of the job's all; nothing else", () => {
  const own = { PATH: "/bin", HOME: "/root", LC_ALL: "C", CUDA_VISIBLE_DEVICES: "1", PGPASSWORD: "x", AWS_SECRET: "y" };
  expect(programEnvironment(own, { PATH: "/opt/bin", EPOCHS: "3" })).toEqual({
    ...{ PATH: "/opt/bin", HOME: "/root", LC_ALL: "C", CUDA_VISIBLE_DEVICES: "1", EPOCHS: "3" },
  });
});
