import { describe, expect, test } from "@jest/globals";
import { importOptional } from "../../worker/backend/webgpu/optional-package.ts";

describe("a package that may be left out", () => {
  test("is imported where it is there", async () => {
    expect(await importOptional("thing", () => Promise.resolve({ value: 1 }))).toEqual({ value: 1 });
  });

  test("is named in one line, with how to get it, where it is not", async () => {
    const load = () => Promise.reject(new Error("Cannot find package 'thing'\nRequire stack:\n- here"));
    await expect(importOptional("thing", load)).rejects.toThrow(
      /^the package thing does not load \(npm install --include=optional\): Cannot find package 'thing'$/,
    );
  });
});
