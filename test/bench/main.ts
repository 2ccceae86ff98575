import { benchOrchestration } from "./orchestration/orchestration.ts";
import { benchRecovery } from "./recovery/recovery.ts";
import { benchSearch } from "./search.ts";
import { benchSoak } from "./soak/soak.ts";
import { benchSupernet } from "./supernet/supernet.ts";
import { benchSupernetFleet } from "./supernet-fleet/supernet-fleet.ts";
import { benchTraining } from "./training/training.ts";
import { benchWeights } from "./weights/weights.ts";

const print = (line: string): void => console.log(line);

/** Every benchmark by name; each prints its figures. */
const benchmarks: Readonly<Record<string, (flags: readonly string[]) => Promise<void>>> = {
  training: (flags) => benchTraining(flags, print),
  search: benchSearch,
  orchestration: (flags) => benchOrchestration(flags, print),
  recovery: (flags) => benchRecovery(flags, print),
  weights: (flags) => benchWeights(flags, print),
  soak: (flags) => benchSoak(flags, print),
  supernet: (flags) => benchSupernet(flags, print),
  fleet: (flags) => benchSupernetFleet(flags, print),
};

// What begins with the first flag is for the benchmarks themselves: npm run bench -- search --seeds 300.
const args = process.argv.slice(2);
const firstFlag = args.findIndex((arg) => arg.startsWith("-"));
const wanted = firstFlag < 0 ? args : args.slice(0, firstFlag);
const flags = firstFlag < 0 ? [] : args.slice(firstFlag);
const unknown = wanted.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(`No benchmark "${unknown.join('", "')}". There is ${Object.keys(benchmarks).join(", ")}.`);
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(benchmarks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    try {
      await bench(flags);
    } catch (error) {
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}
