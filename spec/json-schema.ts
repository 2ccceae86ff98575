import { z } from "zod";

/** Largest count that fits the wire's uint32. */
export const maxCount = 2 ** 32 - 1;

/** The part of JSON Schema that zod writes for the schemas of this project. */
export interface SchemaNode {
  /** Of a string with a pattern: what the pattern means. */
  readonly title?: string;
  readonly $schema?: string | undefined;
  readonly description?: string | undefined;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  /** Of an object with names of the user's choice: what is allowed for each, and what names are. */
  readonly additionalProperties?: SchemaNode | boolean;
  readonly propertyNames?: SchemaNode;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly const?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

const known = new WeakMap<z.ZodType, SchemaNode>();

/** What users may write, as JSON Schema 2020-12: defaulted fields may be left out. Worked out once a schema. */
export function toSchemaNode(schema: z.ZodType): SchemaNode {
  const node = known.get(schema) ?? (z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as SchemaNode);
  known.set(schema, node);
  return node;
}

/** JSON's name for the kind of a value, as schemas use it (numbers are never "integer"). */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

/** The variants of a union, or the node alone. */
export function variantsOf(node: SchemaNode): readonly SchemaNode[] {
  return node.anyOf ?? node.oneOf ?? [node];
}

/** The one variant that a value is meant to be, judged by its kind and by constant fields such as `name`; undefined where unclear. */
export function variantFor(node: SchemaNode, value: unknown): SchemaNode | undefined {
  const variants = variantsOf(node);
  const kind = kindOf(value);
  const fitting = variants.filter((variant) => {
    const type = variant.type === "integer" ? "number" : variant.type;
    return (type === undefined || type === kind) && constantsFit(variant, value);
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

function constantsFit(variant: SchemaNode, value: unknown): boolean {
  return Object.entries(variant.properties ?? {}).every(([key, property]) => {
    if (property.const === undefined) return true;
    const given = readField(value, key);
    return given === property.const || (given === undefined && "default" in property);
  });
}

/** An own field of a value, or undefined: never one of a prototype. */
export function readField(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<PropertyKey, unknown>>)[key];
}

/** The node that describes the value at a path, following the variants that the value is meant to be. */
export function nodeAt(root: SchemaNode, value: unknown, path: readonly PropertyKey[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = root;
  let current = value;
  for (const key of path) {
    const variant: SchemaNode | undefined = variantFor(node, current);
    node = typeof key === "number" ? variant?.items : propertyOf(variant, String(key));
    if (node === undefined) return undefined;
    current = readField(current, key);
  }
  return node;
}

function propertyOf(node: SchemaNode | undefined, key: string): SchemaNode | undefined {
  const other = typeof node?.additionalProperties === "object" ? node.additionalProperties : undefined;
  return node?.properties?.[key] ?? other;
}

/** What a node allows, as words that follow "must be" and help whoever gave this value. */
export function describeNode(node: SchemaNode, given: unknown): string {
  const variants = variantsOf(node);
  if (variants.length > 1) return [...new Set(variants.map((variant) => describeNode(variant, given)))].join(" or ");
  if (node.enum !== undefined) return `one of ${node.enum.map(String).join(", ")}`;
  if (node.const !== undefined) return node.const;
  switch (node.type) {
    case "integer":
      return `an integer${describeRange(node, given)}`;
    case "number":
      return `a number${describeRange(node, given)}`;
    case "string":
      return node.title ?? ((node.minLength ?? 0) > 0 ? "a non-empty string" : "a string");
    case "boolean":
      return "true or false";
    case "array":
      return `a list${describeLength(node)}`;
    case "object":
      return `an object with ${Object.keys(node.properties ?? {}).join(", ")}`;
    default:
      return "something else";
  }
}

function describeLength({ minItems = 0, maxItems }: SchemaNode): string {
  if (maxItems !== undefined && minItems === 0) return ` of at most ${String(maxItems)}`;
  if (maxItems !== undefined) return ` of ${String(minItems)} to ${String(maxItems)}`;
  return minItems === 0 ? "" : ` of at least ${String(minItems)}`;
}

function describeRange(node: SchemaNode, given: unknown): string {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum } = node;
  const isFromTo = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER && maximum !== undefined;
  // The wire's limit of counts is far above anything sensible: only the lower end helps, but whoever is above it.
  if (isFromTo && maximum === maxCount && !(Number(given) > maxCount)) return ` of at least ${String(minimum)}`;
  if (isFromTo) return ` from ${String(minimum)} to ${String(maximum)}`;
  const words = [
    ...(minimum === undefined ? [] : [`of at least ${String(minimum)}`]),
    ...(exclusiveMinimum === undefined ? [] : [`above ${String(exclusiveMinimum)}`]),
    ...(maximum === undefined ? [] : [`at most ${String(maximum)}`]),
    ...(exclusiveMaximum === undefined ? [] : [`below ${String(exclusiveMaximum)}`]),
  ];
  return words.length === 0 ? "" : ` ${words.join(" and ")}`;
}
