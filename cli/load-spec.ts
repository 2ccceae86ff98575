import { createHash } from "node:crypto";
import { dirname, resolve } from "node:path";
import type { Space } from "../coordinator/search/space/space.ts";
import { filePaths, isSpaceFile, nameFromFile, parseSpec } from "../spec/parse-spec.ts";
import { decodeText, maxSpecBytes, readSpecText } from "../spec/read-spec-text.ts";
import { readSpaceFile, resolveSpec, type SpecFile } from "../spec/resolve-spec.ts";
import { SpecError, type JobSpec, type SpecMistake } from "../spec/types.ts";
import { checkTeacher } from "./check-teacher.ts";
import { CliError, specLines } from "./errors.ts";
import { exitCodes } from "./exit-codes.ts";
import { FileError, readAtMost, readInputFile } from "./read-file.ts";

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

/** A spec file that holds mistakes: one line each, the file's path first. */
export class SpecFileError extends CliError {
  readonly mistakes: readonly SpecMistake[];
  constructor(path: string, mistakes: readonly SpecMistake[]) {
    super(
      exitCodes.badInput,
      specLines({ mistakes }).map((line) => `${path}: ${line}`),
    );
    this.mistakes = mistakes;
  }
}

/**
 * Reads a spec file and the files it names; their paths are relative to the spec file.
 * Throws SpecFileError with every mistake, and CliError (bad input) where the file itself cannot be read.
 * @param seed stands in for the spec's own; null leaves that.
 */
export async function loadSpec(path: string, seed: number | null): Promise<LoadedSpec> {
  const bytes = await readInputFile(path, maxSpecBytes);
  const written = attempt(() => readSpecText(decodeText(bytes)));
  if ("mistakes" in written) throw new SpecFileError(path, written.mistakes);
  const value = fillIn(written.value, path, seed);
  const parsed = attempt(() => parseSpec(value));
  const { files, mistakes } = await readFiles(path, value);
  if ("mistakes" in parsed || mistakes.length > 0) {
    throw new SpecFileError(path, [
      ...("mistakes" in parsed ? parsed.mistakes : []),
      ...mistakes,
      ...mistakesInside(value, files),
    ]);
  }
  const resolved = attempt(() => resolveSpec(parsed.value, files));
  if ("mistakes" in resolved) throw new SpecFileError(path, resolved.mistakes);
  const unfit = checkTeacher(parsed.value, files);
  if (unfit.length > 0) throw new SpecFileError(path, unfit);
  return { path, value: value as LoadedSpec["value"], ...resolved.value, files };
}

/** Mistakes inside those files that could be read: told even where the spec itself holds some. */
function mistakesInside(value: unknown, files: ReadonlyMap<string, SpecFile>): readonly SpecMistake[] {
  return filePaths(value).flatMap(({ field, file }) => {
    if (!isSpaceFile(field) || !files.has(file)) return [];
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
    try {
      const bytes = await readAtMost(resolve(dirname(specPath), file), maxFileBytes);
      files.set(file, { bytes, sha256: createHash("sha256").update(bytes).digest("hex") });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      mistakes.push({ path: field, message: `${file} ${error.message}` });
    }
  }
  return { files, mistakes };
}

function attempt<T>(read: () => T): { readonly value: T } | { readonly mistakes: readonly SpecMistake[] } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof SpecError) return { mistakes: error.mistakes };
    throw error;
  }
}
