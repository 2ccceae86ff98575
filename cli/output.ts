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

/** A line each, written at once, so that it is not lost where the process ends right after. */
export function printErrors(lines: readonly string[]): void {
  const text = lines.map((line) => `error: ${escapeControls(line)}\n`).join("");
  try {
    writeSync(2, text);
  } catch {
    // Nobody listens: the exit code has to say it.
  }
}

/** Text that names files and quotes values as they are, but neither ends the line nor commands the terminal. */
function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (control) => {
    const escaped = JSON.stringify(control).slice(1, -1);
    return escaped === control ? `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}` : escaped;
  });
}
