import type { Logger } from "pino";
import type { Printed } from "./judge-end.ts";
import type { PrintedLine } from "./lines.ts";

/** Lines of one evaluation that go to the log, each cut to so many characters. */
const maxLines = 2_000;
const maxLineLength = 2_000;
/** What is kept of standard error for people who look at the failed trial: short enough for a failure's detail. */
const errorsKept = 20;
const errorLength = 300;
const errorsLength = 1_500;

/** Takes what a program prints: passes it on to the worker's log, and keeps the little of it that counts in the end. */
export class PrintedLog implements Printed {
  readonly #logger: Logger;
  #lines = 0;
  #lastLine: PrintedLine | null = null;
  #errors: string[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  take(stream: "stdout" | "stderr", line: PrintedLine): void {
    if (stream === "stdout") this.#lastLine = line;
    else this.#errors = [...this.#errors.slice(1 - errorsKept), line.text.slice(0, errorLength)];
    this.#lines += 1;
    if (this.#lines <= maxLines) this.#logger.info({ stream }, line.text.slice(0, maxLineLength));
    if (this.#lines === maxLines) this.#logger.warn(`the program has printed ${maxLines} lines: no more are logged`);
  }

  get lastLine(): PrintedLine | null {
    return this.#lastLine;
  }

  get errors(): readonly string[] {
    const kept: string[] = [];
    let length = 0;
    for (const line of this.#errors.toReversed()) {
      length += line.length;
      if (length > errorsLength) break;
      kept.unshift(line);
    }
    return kept;
  }
}
