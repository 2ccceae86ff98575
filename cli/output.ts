import { writeSync } from "node:fs";

/** What a command says: results on stdout, everything else on stderr. */
export function printResult(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One JSON object on a line of its own: with --json the last line of stdout. */
export function printJson(value: unknown): void {
  printResult(JSON.stringify(value));
}

export function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Written at once, so that it is not lost where the process ends right after. */
export function printErrors(lines: readonly string[]): void {
  writeSync(2, lines.map((line) => `error: ${line}\n`).join(""));
}
