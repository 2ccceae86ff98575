import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "@jest/globals";

/** A fresh folder for each test, removed after it. */
export function useFolder(): { readonly path: string } {
  let path: string | null = null;
  afterEach(() => {
    if (path !== null) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    path = null;
  });
  return {
    get path() {
      return (path ??= mkdtempSync(join(tmpdir(), "fpnas-cli-")));
    },
  };
}

/** Writes a table of `count` choices of 3 arms in which higher arms are better and dearer, and returns its file's name. */
export function writeTable(folder: string, count: number): string {
  const choices = Array.from({ length: count }, (_, index) => ({ name: `c${index}`, arms: ["a", "b", "c"] }));
  const rows = Array.from({ length: 3 ** count }, (_, index) => {
    const arms = choices.map((_choice, place) => Math.floor(index / 3 ** place) % 3);
    const sum = arms.reduce((total, arm) => total + arm, 0);
    return { arms, accuracy: 0.5 + (0.4 * sum) / (2 * count), macs: 1000 * (1 + sum), params: 10 * (1 + sum) };
  });
  writeFileSync(join(folder, "table.json"), JSON.stringify({ name: "ladder", choices, rows }));
  return "table.json";
}

/** Writes a spec and returns its file's name. */
export function writeSpec(folder: string, name: string, spec: unknown): string {
  writeFileSync(join(folder, name), JSON.stringify(spec));
  return name;
}
