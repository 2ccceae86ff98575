import { Command, InvalidArgumentError, Option } from "commander";
import { troubleKinds, type TroubleKind } from "./cluster/troubles.ts";
import { defects } from "./defects/defect.ts";
import { simulateSeeds } from "./runner/seed-pool.ts";
import { simulate, type SeedReport } from "./simulate.ts";

/** What the command line says. */
interface Flags {
  readonly seeds: number;
  readonly from: number;
  readonly seed?: number;
  readonly trace?: boolean;
  readonly without: readonly TroubleKind[];
  readonly defect?: string;
}

const count = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError("must be a whole number from 0.");
  return number;
};

/** How to see what a seed does. */
function replayCommand({ seed }: SeedReport, { without }: Flags): string {
  const left = without.length === 0 ? "" : ` --without ${without.join(" ")}`;
  return `npm run simulate -- --seed ${seed} --trace${left}`;
}

async function simulateOne(seed: number, { trace, without }: Flags): Promise<void> {
  const print = trace === true ? (line: string) => console.log(line) : null;
  const report = await simulate(seed, { without: new Set(without), print });
  console.log(report);
  if (report.violation !== null) process.exitCode = 1;
}

/** Prints each seed that violates something, and at the end how many there were. With a defect planted, the first one is enough. */
async function simulateMany(flags: Flags): Promise<void> {
  const { from, seeds, without, defect = null } = flags;
  const startMs = performance.now();
  let [done, violated, steps] = [0, 0, 0];
  await simulateSeeds({ from, to: from + seeds }, { defect, without }, (report) => {
    done += 1;
    steps += report.steps;
    if (report.violation === null) return true;
    violated += 1;
    console.log(`seed ${report.seed}: ${report.violation}\n  ${replayCommand(report, flags)}`);
    return defect === null;
  });
  const seconds = (performance.now() - startMs) / 1000;
  console.log(`${done} seeds, ${violated} violated, ${seconds.toFixed(1)} s, ${Math.round(steps / done)} steps a seed`);
  if (violated > 0) process.exitCode = 1;
}

const command = new Command("simulate")
  .description("Simulates clusters in virtual time, each under one seed, and checks what must hold after every step.")
  .option("--seeds <count>", "how many seeds", count, 1_000)
  .option("--from <seed>", "the first of them", count, 1)
  .option("--seed <seed>", "only this one", count)
  .option("--trace", "print what happens, with --seed")
  .addOption(new Option("--without <kinds...>", "troubles to leave out").choices(troubleKinds).default([]))
  .addOption(new Option("--defect <name>", "a defect to plant first").choices(Object.keys(defects)))
  .action((flags: Flags) => (flags.seed === undefined ? simulateMany(flags) : simulateOne(flags.seed, flags)));

await command.parseAsync();
