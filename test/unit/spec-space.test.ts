import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { plusSettings } from "../../coordinator/search/algorithm/plus-settings.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import { resolveSpec, type SpecFile } from "../../spec/resolve-spec.ts";
import { mistakesOf } from "../support/spec-mistakes.ts";

const table = {
  name: "tiny",
  choices: [
    { name: "a", arms: ["x", "y"] },
    { name: "b", arms: ["x", "y", "z"] },
  ],
  rows: [
    { arms: [0, 0], accuracy: 0.5, macs: 10 },
    { arms: [1, 2], accuracy: [0.7, 0.9], macs: 20 },
  ],
};
const space = `
name: mine
input: {height: 28, width: 28, channels: 1}
classes: 10
stem: {channels: 8, stride: 2}
blocks: [{name: b, channels: [8, 16], kernel: [3, 5], expansion: 2}]
`;
const tabular = { evaluator: { tabular: { table: "t.json" } } };
const train = { space: { file: "s.yaml" }, evaluator: { train: { dataset: "mnist" } } };

function files(texts: Readonly<Record<string, string>>): ReadonlyMap<string, SpecFile> {
  return new Map(
    Object.entries(texts).map(([path, text]) => {
      const bytes = new TextEncoder().encode(text);
      return [path, { bytes, sha256: createHash("sha256").update(bytes).digest("hex") }];
    }),
  );
}

function resolve(spec: unknown, texts: Readonly<Record<string, string>>) {
  return resolveSpec(parseSpec(spec), files(texts)).space;
}

describe("the space of a job", () => {
  test("of a table has the table's choices, and its networks name the table by hash", () => {
    const text = JSON.stringify(table);
    const resolved = resolve(tabular, { "t.json": text });
    expect(resolved.choices.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(resolved.decode([1, 2])).toEqual({
      type: "tableRow",
      tableSha256: files({ "t.json": text }).get("t.json")?.sha256,
      arms: [1, 2],
    });
  });

  test("of a space file is built from it", () => {
    const resolved = resolve(train, { "s.yaml": space });
    expect(resolved.name).toBe("mine");
    expect(resolved.choices.map(({ arms }) => arms.length)).toEqual([2, 2]);
  });

  test("of a shipped name needs no file", () => {
    expect(resolve({ ...train, space: "mbconv-small" }, {}).name).toBe("mbconv-small");
  });

  test("larger than 2^53 is fine", () => {
    const choices = Array.from({ length: 60 }, (_, index) => ({ name: `c${index}`, arms: ["x", "y"] }));
    const rows = [{ arms: choices.map(() => 0), accuracy: 0.5 }];
    const resolved = resolve(tabular, { "t.json": JSON.stringify({ name: "huge", choices, rows }) });
    expect(resolved.choices).toHaveLength(60);
  });
});

describe("the algorithm of a job", () => {
  const texts = { "t.json": JSON.stringify(table), "s.yaml": space };
  const named = (spec: object) => resolveSpec(parseSpec(spec), files(texts)).spec;

  test.each([
    ["looks networks up in a table", tabular],
    ["trains each network by itself", train],
  ])("that %s is fp-nas-plus unless one is named, with its defaults and a reason", (_, spec) => {
    const resolved = named(spec);
    expect(resolved.search.algorithm).toEqual({ name: "fp-nas-plus", settings: plusSettings.parse({}) });
    expect(resolved.algorithmReason).toMatch(/^default: .* nats$/);
    expect(named({ ...spec, algorithm: { name: "auto" } })).toEqual(resolved);
    expect(resolveSpec(resolved, files(texts)).spec).toBe(resolved);
  });

  test("is the one that is named, and the reason says so", () => {
    const resolved = named({ ...tabular, algorithm: { name: "parsec", k: 9 } });
    expect(resolved.search.algorithm).toMatchObject({ name: "parsec", settings: { k: 9 } });
    expect(resolved.algorithmReason).toBe("named in the spec");
  });
});

describe("a space is refused", () => {
  test("where the file is missing", () => {
    expect(mistakesOf(() => resolve(tabular, {}))).toEqual(["evaluator.tabular.table: the file t.json is missing."]);
  });

  test("with every mistake in the file, told under the field that names it", () => {
    const bad = { ...table, rows: [{ arms: [0, 3], accuracy: 93 }, { accuracy: 0.5 }] };
    const mistakes = mistakesOf(() => resolve(tabular, { "t.json": JSON.stringify(bad) }));
    expect(mistakes).toHaveLength(3);
    for (const mistake of mistakes) expect(mistake).toMatch(/^evaluator\.tabular\.table: t\.json: rows\[\d\]\./);
  });

  test.each([
    ["no choices", { ...table, choices: [] }],
    ["a choice without arms", { ...table, choices: [{ name: "a", arms: [] }] }],
  ])("where it is empty: %s", (_, bad) => {
    const [mistake] = mistakesOf(() => resolve(tabular, { "t.json": JSON.stringify(bad) }));
    expect(mistake).toMatch(/t\.json: choices.*must be a list of at least one/);
  });

  test("where a space file leaves nothing to choose", () => {
    const bad = space.replace("[8, 16]", "8").replace("[3, 5]", "3");
    expect(mistakesOf(() => resolve(train, { "s.yaml": bad }))).toEqual([
      expect.stringMatching(/^space\.file: s\.yaml: blocks: leaves? nothing to choose/),
    ]);
  });

  test("where a file is no text, no YAML or no JSON", () => {
    const broken = new Map([["t.json", { bytes: Uint8Array.of(0xff, 0xfe), sha256: "0".repeat(64) }]]);
    expect(mistakesOf(() => resolveSpec(parseSpec(tabular), broken))).toEqual([
      "evaluator.tabular.table: t.json: is not UTF-8 text.",
    ]);
    expect(mistakesOf(() => resolve(tabular, { "t.json": "{" }))).toEqual([
      expect.stringMatching(/^evaluator\.tabular\.table: t\.json: is not valid JSON/),
    ]);
    expect(mistakesOf(() => resolve(train, { "s.yaml": "a: [" }))).toEqual([
      expect.stringMatching(/^space\.file: s\.yaml: line 1, column/),
    ]);
  });

  test("where its networks do not fit the data set", () => {
    expect(mistakesOf(() => resolve({ ...train, space: "fbnetv2-f" }, {}))).toEqual([
      "space: fbnetv2-f is for 224x224x3 images of 1000 classes, but mnist has 28x28x1 images of 10 classes.",
    ]);
  });

  test("where a cost target is set and no cost is known", () => {
    const bare = { ...table, rows: [{ arms: [0, 0], accuracy: 0.5 }] };
    const mistakesFor = (cost: object, rows: object = bare) =>
      mistakesOf(() => resolve({ ...tabular, cost }, { "t.json": JSON.stringify(rows) }));
    expect(mistakesFor({ macs: 10, params: 10 })).toEqual([
      "cost.macs: Space tiny knows no MACs, so a target cannot be kept.",
      "cost.params: Space tiny knows no params, so a target cannot be kept.",
    ]);
    expect(mistakesFor({ params: 10 }, table)).toEqual([expect.stringMatching(/^cost\.params/)]);
  });
});
