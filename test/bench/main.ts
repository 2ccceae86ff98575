import { benchSearchDraws } from "./search-draws.ts";
import { benchTraining } from "./training.ts";

/** Every benchmark by name; each prints its figures line by line. */
const benchmarks: Readonly<Record<string, (print: (line: string) => void) => Promise<void>>> = {
  training: benchTraining,
  "search-draws": benchSearchDraws,
};

const print = (line: string): void => console.log(line);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(`No benchmark "${unknown.join('", "')}". There is ${Object.keys(benchmarks).join(", ")}.`);
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(benchmarks)) {
    if (wanted.length === 0 || wanted.includes(name)) await bench(print);
  }
}
