// Makes data/nas-bench-macro/table.json from the benchmark's own file; with --check only compares, and fails where they differ.
import { readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../data/nas-bench-macro/", import.meta.url);
const arms = ["identity", "k3e3", "k5e6"];
// Layers of the three stages: within one, moving an identity leaves the network the same, so its layers are decided together.
const blocks = ["stage1", "stage1", "stage2", "stage2", "stage2", "stage3", "stage3", "stage3"];

/** Percentages measured on 10,000 images and stored as 32-bit floats: four decimals of the fraction are exact. */
function fraction(percent) {
  return Math.round(percent * 100) / 10_000;
}

function tableText(records) {
  const choices = blocks.map((block, index) => JSON.stringify({ name: `l${index + 1}`, arms, block }));
  const rows = Object.keys(records)
    .sort()
    .map((key) => {
      const { test_acc: runs, flops: macs, params } = records[key];
      return JSON.stringify({ arms: [...key].map(Number), accuracy: runs.map(fraction), macs, params });
    });
  const list = (lines) => `[\n${lines.join(",\n")}\n]`;
  return `{"name":"nas-bench-macro","choices":${list(choices)},"rows":${list(rows)}}\n`;
}

const table = new URL("table.json", folder);
const made = tableText(JSON.parse(readFileSync(new URL("nas-bench-macro_cifar10.json", folder), "utf8")));
if (!process.argv.includes("--check")) {
  writeFileSync(table, made);
} else if (readFileSync(table, "utf8") !== made) {
  console.error("data/nas-bench-macro/table.json is not what scripts/nas-bench-macro-table.js makes");
  process.exit(1);
}
