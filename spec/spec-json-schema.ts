import { algorithms } from "../coordinator/search/algorithm/registry.ts";
import { defaults } from "./defaults.ts";
import { toSchemaNode, type SchemaNode } from "./json-schema.ts";
import { specSchema } from "./schema.ts";

/** The whole spec as JSON Schema 2020-12, with the settings of every algorithm: what editors check and complete spec files by. */
export function specJsonSchema(): SchemaNode {
  const schema = toSchemaNode(specSchema);
  const variants = algorithms.map(({ name, description, settings }) => {
    const node = toSchemaNode(settings);
    return {
      ...node,
      $schema: undefined,
      description,
      properties: { name: { const: name }, ...node.properties },
      required: ["name"],
    };
  });
  const unnamed = {
    type: "object",
    description: "Chosen by space and evaluator.",
    properties: { name: { const: defaults.algorithm, default: defaults.algorithm } },
    required: [],
    additionalProperties: false,
  };
  const algorithm = { description: schema.properties?.["algorithm"]?.description, oneOf: [unnamed, ...variants] };
  return { ...schema, properties: { ...schema.properties, algorithm } };
}
