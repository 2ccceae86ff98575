import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What a fake interpreter does where it is asked for a network. */
export type FakeOptuna = "suggests" | "dies";

const program = (behaviour: FakeOptuna): string => `#!${process.execPath}
const { createInterface } = require("node:readline");
let search = null;
let trial = 0;
createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.start) [search, trial] = [message.start, 0];
  if (!message.ask) return;
  if (${String(behaviour === "dies")}) {
    console.error("Traceback\\nValueError: no more");
    process.exit(1);
  }
  const arms = search.sizes.map((size, place) => (search.multivariate ? (search.seed + trial * (place + 1) + 1) % size : 0));
  console.log(JSON.stringify({ trial: trial++, arms, ms: 3 }));
});
`;

/** Writes a program that takes the place of a Python with Optuna: it speaks the same lines, and walks through the arms by seed and trial where they are joint. */
export function writeFakeOptuna(path: string, behaviour: FakeOptuna): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, program(behaviour));
  chmodSync(path, 0o755);
}
