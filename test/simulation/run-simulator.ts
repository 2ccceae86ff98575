import { execFile } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../dist/test/simulation/main.js");

/** Runs the built simulator as `npm run simulate` does, to its end. */
export function runSimulator(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}
