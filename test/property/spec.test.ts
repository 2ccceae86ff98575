import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseSpec } from "../../spec/parse-spec.ts";
import { readSpecText } from "../../spec/read-spec-text.ts";
import { mistakesOf } from "../support/spec-mistakes.ts";

/** Words that specs are made of, so that random values get past the first check. */
const word = fc.constantFrom(
  ...[
    "name",
    "space",
    "algorithm",
    "stages",
    "evaluator",
    "cost",
    "budget",
    "final",
    "seed",
    "train",
    "tabular",
    "table",
  ],
  ...["file", "dataset", "mnist", "fp-nas", "random", "mbconv-small", "until", "slots", "factorized", "block", "steps"],
  ...["lambda", "auto", "trials", "macs", "beta", "__proto__", "constructor", "toString", ""],
);
const { value: arbitrarySpec } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, fc.jsonValue(), word, fc.double(), tie("list"), tie("object")),
  list: fc.array(tie("value"), { maxLength: 4 }),
  object: fc.dictionary(word, tie("value"), { maxKeys: 8, noNullPrototype: true }),
}));

test("whatever JSON comes, parseSpec returns a spec or lists mistakes, each a path and a sentence", () => {
  fc.assert(
    fc.property(arbitrarySpec, (value) => {
      for (const mistake of mistakesOf(() => parseSpec(value))) expect(mistake).toMatch(/\.$/);
    }),
    { numRuns: 2000 },
  );
});

test("whatever text comes, readSpecText returns a value or lists mistakes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[[\]{}:,&*!|>\-?#"' \nab1]*$/)), (text) => {
      mistakesOf(() => readSpecText(text));
    }),
    { numRuns: 2000 },
  );
});

test("an accepted spec is the same whether it comes as YAML's JSON or as an object, and ignores the order of keys", () => {
  const spec = fc.record({
    seed: fc.nat(),
    budget: fc.record({ trials: fc.integer({ min: 1, max: 1000 }), wallSeconds: fc.integer({ min: 1, max: 1000 }) }),
    evaluator: fc.record({ tabular: fc.record({ table: fc.stringMatching(/^[a-z]{1,8}\.json$/) }) }),
    cost: fc.record({ macs: fc.integer({ min: 1 }), beta: fc.double({ min: 0, max: 10, noNaN: true }) }),
  });
  fc.assert(
    fc.property(spec, (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      const parsed = JSON.stringify(parseSpec(value));
      expect(JSON.stringify(parseSpec(readSpecText(JSON.stringify(value, null, 1))))).toBe(parsed);
      expect(JSON.stringify(parseSpec(reversed))).toBe(parsed);
    }),
  );
});
