import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import type { JobResult } from "../../spec/result.ts";
import { datasets } from "../../spec/datasets.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { evaluationBatches } from "../../worker/data/batches.ts";
import type { Dataset } from "../../worker/data/dataset.ts";
import { loadDataset } from "../../worker/data/load-dataset.ts";
import { decodeTrained } from "../../worker/checkpoint/trained-file.ts";
import { loadTrained } from "../../worker/evaluator/trained-weights.ts";
import { buildModel } from "../../worker/model/model.ts";
import { useFolder, writeSpec } from "../support/cli-files.ts";
import { CliProcess, lastJson, runCli } from "../support/cli-process.ts";
import { greyPng, rgbaPng } from "../support/images.ts";

const folder = useFolder();
const plainScript = fileURLToPath(new URL("../support/plain-tfjs.js", import.meta.url));
const imageCount = 300;
const { labels } = datasets["fashion-mnist"];

let dataset: Dataset;
beforeAll(async () => {
  await selectBackend("wasm");
  dataset = await loadDataset("fashion-mnist");
});

/** Searches two small networks, trains one of them to the end, and returns the result. */
async function searchSmall(): Promise<JobResult> {
  const space = {
    ...{ name: "small", input: { height: 28, width: 28, channels: 1 }, classes: 10, activation: "swish" },
    stem: { channels: 6, stride: 2 },
    blocks: [{ name: "only", channels: 8, stride: 2, kernel: [3, 5], expansion: 2, se: 1 }],
  };
  writeSpec(folder.path, "space.json", space);
  const spec = writeSpec(folder.path, "small.json", {
    space: { file: "space.json" },
    algorithm: { name: "random" },
    evaluator: { train: { dataset: "fashion-mnist", steps: 3, batch: 16, evalExamples: 100 } },
    budget: { trials: 2 },
    final: { steps: 150 },
  });
  const run = await new CliProcess(["run", spec, "--workers", "1", "--backend", "wasm", "--json"], folder.path).ended;
  if (run.code !== 0) throw new Error(run.stderr);
  expect(run.stderr).toContain("model: runs/small/export");
  return lastJson(run) as unknown as JobResult;
}

/** The first images of the test part as PNG files; returns their names. */
function writeTestImages(): string[] {
  mkdirSync(join(folder.path, "images"));
  return Array.from({ length: imageCount }, (_, index) => {
    const name = `images/${String(index)}.png`;
    const image = dataset.test.images.subarray(index * 784, (index + 1) * 784);
    writeFileSync(join(folder.path, name), greyPng(28, 28, image));
    return name;
  });
}

/** The classes that the network itself finds for the first images of the test part. */
async function ownClasses(): Promise<number[]> {
  const trained = decodeTrained(readFileSync(join(folder.path, "runs/small/export/weights.safetensors")));
  const model = buildModel(trained.graph, 0);
  loadTrained(model, trained);
  const [batch] = evaluationBatches(dataset, dataset.test, imageCount, imageCount);
  const images = tf.tensor4d(batch!.images, [imageCount, 28, 28, 1]);
  const logits = model.infer(images);
  const classes = await tf.tidy(() => tf.argMax(tf.reshape(logits, [imageCount, 10]), 1)).data();
  tf.dispose([images, logits]);
  model.dispose();
  return [...classes];
}

/** Exports the run's job once more, from a coordinator of its own. */
async function exportAgain(): Promise<void> {
  const store = "sqlite:runs/small/state.db";
  const coordinator = new CliProcess(["coordinator", "--listen", "127.0.0.1:0", "--store", store], folder.path);
  try {
    const [, address = ""] = await coordinator.printed(/listening on (\S+)/);
    const run = await runCli(["export", "small", "--coordinator", address, "--out", "again"], folder.path);
    expect(run).toMatchObject({ code: 0, stdout: "written to again\n" });
  } finally {
    coordinator.kill("SIGTERM");
    await coordinator.ended;
  }
}

/** Every file under a folder by path, as text of bytes. */
function contentsOf(name: string): Record<string, string> {
  const root = join(folder.path, name);
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).toSorted();
  const files = paths.filter((path) => statSync(join(root, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path), "latin1")]));
}

/** Serves a folder's files over HTTP while `use` runs. */
async function served<T>(path: string, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => response.end(readFileSync(join(path, request.url!))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

interface Predicted {
  readonly images: readonly { readonly class: string; readonly probabilities: Readonly<Record<string, number>> }[];
}

describe("the network of a run", () => {
  test("classifies images of its data set as it did in the job, by fpnas predict and by plain tfjs alike", async () => {
    const result = await searchSmall();
    const images = writeTestImages();
    const run = await runCli(["predict", "runs/small/export", ...images, "--json"], folder.path);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    const predicted = (lastJson(run) as unknown as Predicted).images;

    const classes = await ownClasses();
    expect(predicted.map((one) => one.class)).toEqual(classes.map((index) => labels[index]));
    const right = classes.filter((index, image) => index === dataset.test.labels[image]).length;
    // Of 300 images against the 10,000 that were measured in the job: five deviations of a share of 300.
    expect(Math.abs(right / imageCount - result.final!.accuracy)).toBeLessThan(5 * Math.sqrt(0.25 / imageCount));
    const card = readFileSync(join(folder.path, "runs/small/export/README.md"), "utf8");
    expect(card).toContain(`${Math.round(result.final!.accuracy * 10_000).toLocaleString("en-US")} of 10,000`);

    const plain = await served(join(folder.path, "runs/small/export/tfjs"), (url) =>
      promisify(execFile)(process.execPath, [plainScript, `${url}/model.json`, ...images], { cwd: folder.path }),
    );
    const { metadata, rows } = JSON.parse(plain.stdout) as { metadata: object; rows: number[][] };
    expect(metadata).toEqual({ labels, dataset: "fashion-mnist" });
    const own = predicted.map(({ probabilities }) => labels.map((label) => probabilities[label]!));
    const differences = rows.flatMap((row, image) => row.map((value, index) => Math.abs(value - own[image]![index]!)));
    expect(differences).toHaveLength(10 * imageCount);
    expect(Math.max(...differences)).toBeLessThan(1e-5);

    await exportAgain();
    expect(contentsOf("again/export")).toEqual(contentsOf("runs/small/export"));
  });
});

describe("fpnas predict", () => {
  const golden = fileURLToPath(new URL("../golden/model-export", import.meta.url));

  test("shows a line an image, tells what it did to it, and names those it cannot read with exit code 2", async () => {
    writeFileSync(join(folder.path, "big.png"), rgbaPng(2, 1, [255, 0, 0, 255, 0, 0, 0, 0], 6));
    writeFileSync(join(folder.path, "notes.png"), "no image");
    const images = ["big.png", "notes.png", "none.png"];
    const { code, stdout, stderr } = await runCli(["predict", golden, ...images], folder.path);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^image +class +probability\nbig\.png +\S.* +\d+\.\d\d%\n$/);
    expect(stderr).toBe(
      [
        "big.png: colours made grey, laid on black where transparent, scaled from 2 x 1 to 28 x 14, centred on black of 28 x 28",
        "error: notes.png is neither a PNG nor a JPEG image.",
        "error: none.png cannot be read: there is no such file.",
        "",
      ].join("\n"),
    );
    const json = lastJson(await runCli(["predict", golden, ...images, "--invert", "--json"], folder.path));
    expect(json["images"]).toMatchObject([
      { image: "big.png", changes: expect.arrayContaining(["inverted"]) },
      { image: "notes.png", error: expect.stringContaining("neither") },
      { image: "none.png", error: expect.stringContaining("no such file") },
    ]);
  });

  test("refuses what is no export, and needs an image", async () => {
    const none = await runCli(["predict", folder.path, "a.png"], folder.path);
    expect(none).toMatchObject({ code: 2, stdout: "" });
    expect(none.stderr).toMatch(/^error: .* is no export: it has no architecture\.json\. .*runs\/NAME\/export\.\n$/);
    expect(await runCli(["predict", golden], folder.path)).toMatchObject({ code: 2 });
  });
});
