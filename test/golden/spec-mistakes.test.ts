import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parseSpec } from "../../spec/parse-spec.ts";
import { readSpecText } from "../../spec/read-spec-text.ts";
import { mistakesOf } from "../support/spec-mistakes.ts";

/**
 * Bad specs and what is said of them. To change messages on purpose, edit spec-mistakes.json with the printed difference in view.
 */
const cases = JSON.parse(readFileSync(new URL("spec-mistakes.json", import.meta.url), "utf8")) as readonly {
  readonly name: string;
  readonly spec: string;
  readonly mistakes: readonly string[];
}[];

test.each(cases)("$name: every mistake is told with what is allowed", ({ spec, mistakes }) => {
  expect(mistakesOf(() => parseSpec(readSpecText(spec)))).toEqual(mistakes);
});
