import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { gatherExport, noModelText } from "../../cli/model-export/gather-export.ts";
import { writeExport } from "../../cli/model-export/write-export.ts";
import { readExport } from "../../cli/predict/read-export.ts";
import type { JobSpec } from "../../spec/types.ts";
import { encodeTrained } from "../../worker/checkpoint/trained-file.ts";
import { useFolder } from "../support/cli-files.ts";
import { exportedGraph, exportSample, type ExportSample } from "../support/model-export-sample.ts";
import { madeUpNetwork } from "../support/trained-networks.ts";

const folder = useFolder();
const never = () => Promise.reject(new Error("not asked for"));

async function reasonOf(sample: Pick<ExportSample, "job" | "trials">, fetchFile = never): Promise<string> {
  const found = await gatherExport(fetchFile, sample.job, sample.trials);
  return found.type === "none" ? noModelText(found) : "there is one";
}

function withSpec(sample: ExportSample, spec: Partial<JobSpec>): ExportSample {
  return { ...sample, job: { ...sample.job, spec: { ...sample.job.spec, ...spec } } };
}

async function writeSample(name: string): Promise<string> {
  const { job, trials, weights } = exportSample();
  const found = await gatherExport(() => Promise.resolve(weights), job, trials);
  if (found.type !== "model") throw new Error(found.reason);
  const path = join(folder.path, name);
  await writeExport(path, found.files);
  return path;
}

describe("a job without a model to export", () => {
  test("says why", async () => {
    const sample = exportSample();
    const tabular = withSpec(sample, { evaluator: { type: "tabular", table: "t.json" } });
    expect(await reasonOf(tabular)).toContain("its networks are rows of a table");
    const command = withSpec(sample, { evaluator: { type: "command", run: ["a"], files: [], env: {} } });
    expect(await reasonOf(command)).toContain("trained by a program");
    expect(await reasonOf(withSpec(sample, { finalSteps: null }))).toContain("it has no final training");
    const { final, ...result } = sample.job.result;
    expect(final).toBeDefined();
    expect(await reasonOf({ ...sample, job: { ...sample.job, result } })).toContain(
      "final training of its answer failed",
    );
    const lost = { ...result, final: { accuracy: 0.9, steps: 600, part: "test" } } as const;
    expect(await reasonOf({ ...sample, job: { ...sample.job, result: lost } })).toContain("kept no weights");
  });

  test("says so too where the weights are gone or damaged, for its result is worth keeping without", async () => {
    const sample = exportSample();
    const gone = () => Promise.reject(new Error("no such file"));
    expect(await reasonOf(sample, gone)).toMatch(
      /^no model is exported: its weights [0-9a-f]{64} cannot be used: no such file$/,
    );
    expect(await reasonOf(sample, () => Promise.resolve(Buffer.from("x")) as never)).toContain(
      "ends within its header",
    );
  });
});

describe("the folder of an export", () => {
  test("is replaced as a whole by another", async () => {
    const path = await writeSample("a");
    writeFileSync(join(path, "stale.txt"), "of before");
    await writeSample("a");
    expect(readdirSync(path).toSorted()).toEqual([
      ...["README.md", "architecture.json", "labels.txt", "tfjs", "weights.safetensors"],
    ]);
    expect(readdirSync(folder.path)).toEqual(["a"]);
  });

  test("stays as it is where the new one cannot be written, whose rest the next one removes", async () => {
    const path = await writeSample("a");
    const before = readFileSync(join(path, "README.md"), "utf8");
    const files = new Map([
      ["README.md", "new"],
      ["README.md/no-folder", "x"],
    ]);
    await expect(writeExport(path, files)).rejects.toThrow(
      `${path} cannot be written: a part of its path is no folder.`,
    );
    expect(readFileSync(join(path, "README.md"), "utf8")).toBe(before);
    await writeSample("a");
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  test("is not taken from somebody else's files", async () => {
    const path = join(folder.path, "mine");
    mkdirSync(path);
    writeFileSync(join(path, "thesis.tex"), "");
    await expect(writeSample("mine")).rejects.toThrow(`${path} holds something else than an export`);
    expect(readdirSync(path)).toEqual(["thesis.tex"]);
  });
});

describe("an export that is read back", () => {
  test("is refused where it is none", async () => {
    await expect(readExport(folder.path)).rejects.toThrow("is no export: it has no architecture.json");
  });

  test.each<[string, string, string | Uint8Array, RegExp]>([
    ["no JSON", "architecture.json", "{", /architecture\.json is not valid JSON/],
    [
      "an architecture of another format",
      "architecture.json",
      '{"format":"fpnas-export-2"}',
      /architecture\.json: format: .*fpnas-export-1/,
    ],
    ["weights that are cut short", "weights.safetensors", "abc", /weights\.safetensors cannot be used: the file ends/],
    [
      "weights of another network",
      "weights.safetensors",
      encodeTrained(madeUpNetwork({ ...exportedGraph, layers: exportedGraph.layers.slice(2) }, "fashion-mnist", 1)),
      /holds the weights of another network/,
    ],
  ])("is refused with %s", async (_, file, content, why) => {
    const path = await writeSample("a");
    writeFileSync(join(path, file), content);
    await expect(readExport(path)).rejects.toThrow(why);
  });

  test("is refused with a network that makes no sense", async () => {
    const path = await writeSample("a");
    const architecture = JSON.parse(readFileSync(join(path, "architecture.json"), "utf8")) as object;
    writeFileSync(join(path, "architecture.json"), JSON.stringify({ ...architecture, network: { graph: {} } }));
    await expect(readExport(path)).rejects.toThrow(/architecture\.json: network\.graph/);
  });
});
