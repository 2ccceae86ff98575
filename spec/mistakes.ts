import type { z } from "zod";
import { pathText, shown, suggestion, unknownKey } from "../network/schema.ts";
import { describeNode, nodeAt, readField, variantFor, variantsOf, type SchemaNode } from "./json-schema.ts";
import type { SpecMistake } from "./types.ts";

/** A value that failed a schema, and all that is needed to say why. */
interface Failure {
  /** The whole value. */
  readonly value: unknown;
  /** The schema as JSON Schema: says what is allowed at each path. */
  readonly root: SchemaNode;
  /** Where the value stands in the user's document. */
  readonly prefix: readonly PropertyKey[];
}

/** Every issue as a sentence that names the field, what is allowed, and the nearest right name. A field that breaks two rules is told once. */
export function explainIssues(issues: readonly z.core.$ZodIssue[], failure: Failure): readonly SpecMistake[] {
  const mistakes = issues.flatMap((issue) => explain(issue, failure, []));
  return [...new Map(mistakes.map((mistake) => [`${mistake.path}: ${mistake.message}`, mistake])).values()];
}

function explain(issue: z.core.$ZodIssue, failure: Failure, base: readonly PropertyKey[]): readonly SpecMistake[] {
  const path = [...base, ...issue.path];
  const node = nodeAt(failure.root, failure.value, path);
  const given = path.reduce<unknown>((current, key) => readField(current, key), failure.value);
  const fullPath = [...failure.prefix, ...path];
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = Object.keys((node === undefined ? undefined : variantFor(node, given))?.properties ?? {});
      return issue.keys.map((key) => unknownKey([...fullPath, key], known));
    }
    case "invalid_union": {
      const inner = node === undefined ? [] : meantBranch(issue.errors, node, given);
      if (inner.length > 0) return inner.flatMap((one) => explain(one, failure, path));
      return [wrongValue(fullPath, node, given)];
    }
    case "invalid_key": {
      const names = nodeAt(failure.root, failure.value, path.slice(0, -1))?.propertyNames;
      const allowed = names === undefined ? "something else" : describeNode(names, path.at(-1));
      return [{ path: pathText(fullPath), message: `must be named by ${allowed}.` }];
    }
    case "custom":
      return [
        { path: pathText(fullPath), message: `${issue.message}${given === undefined ? "" : `, not ${shown(given)}`}.` },
      ];
    default:
      return [wrongValue(fullPath, node, given)];
  }
}

/** The issues of the union's branch that the value is meant to be; none where that is unclear. */
function meantBranch(
  errors: readonly (readonly z.core.$ZodIssue[])[],
  node: SchemaNode,
  given: unknown,
): readonly z.core.$ZodIssue[] {
  const branch = variantFor(node, given);
  return branch === undefined ? [] : (errors[variantsOf(node).indexOf(branch)] ?? []);
}

function wrongValue(path: readonly PropertyKey[], node: SchemaNode | undefined, given: unknown): SpecMistake {
  const allowed = node === undefined ? "something else" : describeNode(node, given);
  const names = node === undefined ? [] : variantsOf(node).flatMap((variant) => (variant.enum ?? []).map(String));
  const message =
    given === undefined
      ? `is missing; it must be ${allowed}.`
      : `must be ${allowed}, not ${shown(given)}.${typeof given === "string" ? suggestion(given, names) : ""}`;
  return { path: pathText(path), message };
}
