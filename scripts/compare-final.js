// How much better finished runs' networks are than their random ones: node scripts/compare-final.js RUN_FOLDER..
// Prints each run's found accuracy less the mean of its random networks', then the mean of the runs with its 95% bootstrap interval
// (runs drawn with replacement, and within each the random networks; 10,000 draws from a fixed seed).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const rounds = 10_000;
const generator = xoroshiro128plus(1);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const resample = (values) => values.map(() => values[uniformInt(generator, 0, values.length - 1)]);
const points = (share) => `${share < 0 ? "-" : "+"}${Math.abs(100 * share).toFixed(2)}`;

const runs = process.argv.slice(2).map((folder) => {
  const { final, comparisons, seed, macs } = JSON.parse(readFileSync(join(folder, "result.json"), "utf8"));
  const random = (comparisons ?? []).filter(({ role, accuracy }) => role === "random" && accuracy !== undefined);
  if (final === undefined || random.length === 0) {
    console.error(`${folder}: no final training with random networks`);
    process.exit(1);
  }
  return { seed, macs, found: final.accuracy, random: random.map(({ accuracy }) => accuracy) };
});
if (runs.length === 0) {
  console.error("usage: node scripts/compare-final.js RUN_FOLDER..");
  process.exit(2);
}

const difference = ({ found, random }) => found - mean(random);
for (const run of runs) {
  const { seed, macs, found, random } = run;
  const [own, others] = [found, mean(random)].map((accuracy) => `${(100 * accuracy).toFixed(2)}%`);
  console.log(
    `seed ${seed}: found ${own} (${macs} MACs), ${random.length} random ${others}: ${points(difference(run))}`,
  );
}
const draws = Array.from({ length: rounds }, () =>
  mean(resample(runs).map(({ found, random }) => difference({ found, random: resample(random) }))),
).sort((a, b) => a - b);
const [low, high] = [0.025, 0.975].map((share) => points(draws[Math.floor(share * rounds)]));
console.log(`mean difference ${points(mean(runs.map(difference)))} points [${low}, ${high}]`);
