import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** `fpnas bench search` with these flags, on the terminal. */
export function benchSearch(flags: readonly string[]): Promise<void> {
  const main = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
  const { status } = spawnSync(process.execPath, [main, "bench", "search", ...flags], { stdio: "inherit" });
  process.exitCode = status ?? 1;
  return Promise.resolve();
}
