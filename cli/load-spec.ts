import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Space } from "../coordinator/search/space/space.ts";
import { filePaths, nameFromFile, parseSpec } from "../spec/parse-spec.ts";
import { maxSpecBytes, readSpecText } from "../spec/read-spec-text.ts";
import { readSpaceFile, resolveSpace, type SpecFile } from "../spec/resolve-space.ts";
import { SpecError, type JobSpec, type SpecMistake } from "../spec/types.ts";
import { badInput, specLines } from "./errors.ts";
import { describeSystemError, readInputFile, tooLong } from "./read-file.ts";

/** Largest table or space file, in bytes: what UploadFile takes. */
const maxFileBytes = 2 ** 28;

/** A spec file that holds no mistake. */
export interface LoadedSpec {
  readonly path: string;
  /** What is submitted: the spec as written, with its name and seed filled in. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly spec: JobSpec;
  readonly space: Space;
  /** Files that the spec names, by the path as written. */
  readonly files: ReadonlyMap<string, SpecFile>;
}

/**
 * Reads a spec file and the files it names; their paths are relative to the spec file.
 * Throws CliError (bad input) with one line for every mistake, the file's path first.
 * @param seed stands in for the spec's own; null leaves that.
 */
export async function loadSpec(path: string, seed: number | null): Promise<LoadedSpec> {
  const text = new TextDecoder().decode(await readInputFile(path, maxSpecBytes));
  const written = attempt(() => readSpecText(text));
  if ("mistakes" in written) throw refuse(path, written.mistakes);
  const value = fillIn(written.value, path, seed);
  const parsed = attempt(() => parseSpec(value));
  const { files, mistakes } = await readFiles(path, value);
  if ("mistakes" in parsed || mistakes.length > 0) {
    throw refuse(path, [
      ...("mistakes" in parsed ? parsed.mistakes : []),
      ...mistakes,
      ...mistakesInside(value, files),
    ]);
  }
  const space = attempt(() => resolveSpace(parsed.value, files));
  if ("mistakes" in space) throw refuse(path, space.mistakes);
  return { path, value: value as LoadedSpec["value"], spec: parsed.value, space: space.value, files };
}

/** Mistakes inside those files that could be read: told even where the spec itself holds some. */
function mistakesInside(value: unknown, files: ReadonlyMap<string, SpecFile>): readonly SpecMistake[] {
  return filePaths(value).flatMap(({ field, file }) => {
    if (!files.has(file)) return [];
    const space = attempt(() => readSpaceFile(field, file, files.get(file)));
    return "mistakes" in space ? space.mistakes : [];
  });
}

/** Name and seed where they can be filled in; anything but an object is left to `parseSpec` to refuse. */
function fillIn(value: unknown, path: string, seed: number | null): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return { name: nameFromFile(path), ...value, ...(seed === null ? {} : { seed }) };
}

async function readFiles(
  specPath: string,
  value: unknown,
): Promise<{ readonly files: Map<string, SpecFile>; readonly mistakes: readonly SpecMistake[] }> {
  const files = new Map<string, SpecFile>();
  const mistakes: SpecMistake[] = [];
  for (const { field, file } of filePaths(value)) {
    const path = resolve(dirname(specPath), file);
    try {
      const { size } = await stat(path);
      if (size > maxFileBytes) {
        mistakes.push({ path: field, message: `${file} ${tooLong(maxFileBytes, size)}` });
        continue;
      }
      const bytes = await readFile(path);
      files.set(file, { bytes, sha256: createHash("sha256").update(bytes).digest("hex") });
    } catch (error) {
      mistakes.push({ path: field, message: `${file} cannot be read: ${describeSystemError(error)}.` });
    }
  }
  return { files, mistakes };
}

function refuse(path: string, mistakes: readonly SpecMistake[]): Error {
  return badInput(...specLines({ mistakes }).map((line) => `${path}: ${line}`));
}

function attempt<T>(read: () => T): { readonly value: T } | { readonly mistakes: readonly SpecMistake[] } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof SpecError) return { mistakes: error.mistakes };
    throw error;
  }
}
