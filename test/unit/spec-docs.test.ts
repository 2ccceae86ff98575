import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { algorithms } from "../../coordinator/search/algorithm/registry.ts";
import { defaults } from "../../spec/defaults.ts";
import { toSchemaNode, variantsOf, type SchemaNode } from "../../spec/json-schema.ts";
import { parseSpec } from "../../spec/parse-spec.ts";
import { readSpecText } from "../../spec/read-spec-text.ts";
import { specSchema } from "../../spec/schema.ts";
import { specJsonSchema } from "../../spec/spec-json-schema.ts";

const docs = new URL("../../docs/", import.meta.url);
const page = readFileSync(new URL("spec.md", docs), "utf8");
const algorithmsPage = readFileSync(new URL("algorithms.md", docs), "utf8");

interface Field {
  readonly path: string;
  readonly node: SchemaNode & { readonly default?: unknown };
}

function fieldsOf(node: SchemaNode, path: string): readonly Field[] {
  const below = variantsOf(node).flatMap((variant) => [
    ...Object.entries(variant.properties ?? {}).map(
      ([key, property]) => [`${path}${path && "."}${key}`, property] as const,
    ),
    ...(variant.items === undefined ? [] : [[`${path}[]`, variant.items] as const]),
  ]);
  return below.flatMap(([name, property]) => [{ path: name, node: property }, ...fieldsOf(property, name)]);
}

/** The row that begins with the field. */
function rowOf(field: string): string | undefined {
  return page.split("\n").find((line) => line.startsWith(`| \`${field}\` `));
}

const isPlain = (value: unknown) => ["number", "boolean"].includes(typeof value);

describe("docs/spec.md", () => {
  // A list's item and an object without fields of its own are described with what holds them.
  const fields = fieldsOf(toSchemaNode(specSchema), "").filter(
    ({ path }) =>
      !path.endsWith("[]") &&
      !["evaluator.train", "evaluator.tabular", "evaluator.command", "evaluator.supernet"].includes(path),
  );

  test.each(fields)("has a row for $path, with its default", ({ path, node }) => {
    expect(rowOf(path)).toBeDefined();
    if (isPlain(node.default)) expect(rowOf(path)).toContain(`\`${String(node.default)}\``);
  });

  const settings = algorithms.flatMap(({ name, settings }) =>
    fieldsOf(toSchemaNode(settings), "").map((field) => ({ ...field, algorithm: name })),
  );
  const supernetSettings = algorithms.flatMap(({ name, supernet = {} }) =>
    Object.entries(supernet).map(([setting, value]) => ({ algorithm: name, setting, value })),
  );
  test.each(supernetSettings)("tells the default of $setting of $algorithm where weights are shared", (row) => {
    const section = algorithmsPage.split("\n## ").find((text) => text.startsWith("Shared weights\n")) ?? "";
    const [head, , ...rows] = section.split("\n").filter((line) => line.startsWith("|"));
    const cells = (line: string | undefined) => (line ?? "").split("|").map((cell) => cell.trim());
    const column = cells(head).indexOf(`\`${row.algorithm}\``);
    const found = rows.map(cells).find((line) => line[1] === `\`${row.setting}\``);
    expect(found?.[column]).toBe(`\`${String(row.value)}\``);
  });

  test.each(settings)("tells setting $path of $algorithm", ({ path, node, algorithm }) => {
    const section = algorithmsPage.split("\n## ").find((text) => text.startsWith(`\`${algorithm}\`\n`)) ?? "";
    const row = section.split("\n").find((line) => line.startsWith(`| \`${path}\` `));
    expect(row).toContain(`\`${String(node.default)}\``);
  });

  test("shows examples and default stages that are accepted", () => {
    const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => readSpecText(match[1] ?? ""));
    expect(blocks).toHaveLength(8);
    expect(parseSpec(blocks[0]).name).toBe("fashion-small");
    expect(parseSpec(blocks[1])).toMatchObject({ name: "my-table" });
    expect(blocks[2]).toEqual({ stages: defaults.stages });
    const asynchronous = { ...(blocks[3] as object), evaluator: { tabular: { table: "my-table.json" } } };
    expect(parseSpec(asynchronous).search.stages).toMatchObject(
      defaults.stages.map((stage) => ({ ...stage, asynchronous: { updateAfter: 8, inFlight: 72 } })),
    );
    const reusing = { ...(blocks[4] as object), evaluator: { tabular: { table: "my-table.json" } } };
    expect(parseSpec(reusing).reuse).toEqual(["fashion-first", "fashion-second"]);
    const supernet = parseSpec(blocks[5]);
    expect(supernet.evaluator).toMatchObject({ type: "supernet", localSteps: 4 });
    expect(supernet.search.stages).toEqual((blocks[6] as { stages: unknown }).stages);
    const program = { ...(blocks[7] as object), space: "mbconv-small" };
    expect(parseSpec(program).evaluator).toMatchObject({ type: "command", files: ["train.py", "lib/data.py"] });
  });
});

test("docs/spec.schema.json is the schema as it stands", () => {
  const written: unknown = JSON.parse(readFileSync(new URL("spec.schema.json", docs), "utf8"));
  expect(written).toEqual(JSON.parse(JSON.stringify(specJsonSchema())));
});
