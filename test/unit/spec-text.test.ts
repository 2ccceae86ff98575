import { describe, expect, test } from "@jest/globals";
import { maxSpecBytes, readSpecText } from "../../spec/read-spec-text.ts";
import { mistakesOf } from "../support/spec-mistakes.ts";

describe("spec text", () => {
  test("is YAML, or JSON with whatever white space", () => {
    expect(readSpecText("a: 1.5e6\nb: [x, {c: true}]")).toEqual({ a: 1.5e6, b: ["x", { c: true }] });
    expect(readSpecText('{\n\t"a": [1,\t2],\r\n\t"b": null\n}\n')).toEqual({ a: [1, 2], b: null });
    expect(readSpecText("\uFEFFa: 1")).toEqual({ a: 1 });
  });

  test("may use aliases within reason", () => {
    expect(readSpecText("a: &x {b: 1}\nc: *x")).toEqual({ a: { b: 1 }, c: { b: 1 } });
  });

  test("above 1 MiB is refused before it is read", () => {
    const inside = `a: ${"x".repeat(maxSpecBytes - 3)}`;
    expect(readSpecText(inside)).toEqual({ a: "x".repeat(maxSpecBytes - 3) });
    expect(mistakesOf(() => readSpecText(`${inside}x`))).toEqual(["must be at most 1 MiB long."]);
  });

  test("counts bytes, not characters", () => {
    expect(mistakesOf(() => readSpecText("ä".repeat(maxSpecBytes / 2 + 1)))).toEqual(["must be at most 1 MiB long."]);
  });

  test.each(["[", "{a: "])("nested without end (%s) is one mistake", (open) => {
    expect(mistakesOf(() => readSpecText(open.repeat(100_000)))).toEqual([
      expect.stringContaining("is nested too deeply."),
    ]);
  });

  test("an own __proto__ key changes no prototype", () => {
    const value = readSpecText("__proto__: {polluted: 1}") as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
