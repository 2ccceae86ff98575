import { z } from "zod";
import { maxCount } from "./json-schema.ts";

/** Names of environment variables, as every shell takes them. */
const variablePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Names separated by /, none of them empty, "." or "..": a path that leads out of no folder, on any system. */
const innerPathPattern = /^(?!\.{1,2}(\/|$))[^/\\\0:]+(\/(?!\.{1,2}(\/|$))[^/\\\0:]+)*$/;

const text = z
  .string()
  .max(10_000)
  .regex(/^[^\0]*$/)
  .meta({ title: "a text, in quotes where it looks like a number" });

/** `evaluator.command`: a program of the user's that evaluates a network. */
export const commandSchema = z.strictObject({
  run: z.array(text).min(1).max(1000).describe("The program and its arguments, as a list: no shell reads them."),
  files: z
    .array(
      z
        .string()
        .max(255)
        .regex(innerPathPattern)
        .meta({ title: "a path below the spec's folder: names separated by /, none of them .. or ." }),
    )
    .max(100)
    .default([])
    .describe("Files that the program needs, relative to the spec file; they lie at the same paths where it runs."),
  env: z
    .record(
      z.string().regex(variablePattern).max(255).meta({ title: "letters, digits and _, the first no digit" }),
      text,
    )
    .default({})
    .describe("Environment variables for the program. They are public: no place for secrets."),
  memoryMiB: z
    .int()
    .min(16)
    .max(2 ** 24)
    .exactOptional()
    .describe("Most memory that the program and its child processes may take together. Default: no limit."),
  steps: z
    .int()
    .min(1)
    .max(maxCount)
    .exactOptional()
    .describe("How long a trial trains, in whatever the program counts; it is told so. Default: not told."),
});
