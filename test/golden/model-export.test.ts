import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { gatherExport } from "../../cli/model-export/gather-export.ts";
import { loadClassifier } from "../../cli/predict/classifier.ts";
import { readExport } from "../../cli/predict/read-export.ts";
import { exportSample } from "../support/model-export-sample.ts";

const golden = fileURLToPath(new URL("model-export", import.meta.url));

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesUnder(path) : [path];
  });
}

/** Without the versions of what wrote it, which change. */
function comparable(content: string | Uint8Array): string {
  const text = Buffer.from(content).toString("latin1");
  return text.replace(/(fpnas|TensorFlow\.js) \d+\.\d+\.\d+/g, "$1 X");
}

test("an export has the golden files, byte for byte", async () => {
  const { job, trials, weights } = exportSample();
  const exported = await gatherExport(() => Promise.resolve(weights), job, trials);
  if (exported.type !== "model") throw new Error(exported.reason);
  const wanted = filesUnder(golden).map((path) => [relative(golden, path), comparable(readFileSync(path))] as const);
  const found = [...exported.files].map(([path, content]) => [path, comparable(content)] as const);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
});

test("an export of the first format is read, and classifies as it did when it was written", async () => {
  const classifier = await loadClassifier(await readExport(golden));
  const pixels = Float32Array.from({ length: 28 * 28 }, (_, index) => (index * index) % 256);
  const probabilities = await classifier.classify(pixels);
  classifier.dispose();
  const expected = [
    ...[0.123516, 0.1813529, 0.1118506, 0.1185264, 0.1031938],
    ...[0.145325, 0.06124105, 0.06213258, 0.07537054, 0.0174912],
  ];
  expect(probabilities).toHaveLength(10);
  probabilities.forEach((probability, index) => expect(probability).toBeCloseTo(expected[index]!, 5));
});
