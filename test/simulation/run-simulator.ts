import { execFile } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const main = join(import.meta.dirname, "../../dist/test/simulation/main.js");

/** Runs the built simulator as `npm run simulate` does, to its end. Its output is given without the colours that jest has children print where it prints them. */
export function runSimulator(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, output: stripVTControlCharacters(stdout + stderr) });
    });
  });
}
