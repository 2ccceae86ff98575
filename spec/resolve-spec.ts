import { createSearch } from "../coordinator/search/job.ts";
import { findAlgorithm } from "../coordinator/search/algorithm/registry.ts";
import { parseMbconvDefinition } from "../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../coordinator/search/space/mbconv-space.ts";
import { shippedSpaces } from "../coordinator/search/space/registry.ts";
import { spaceLogSize } from "../coordinator/search/space/size.ts";
import type { Space } from "../coordinator/search/space/space.ts";
import { tableSpace } from "../coordinator/search/space/table-space.ts";
import { InputError } from "../network/errors.ts";
import { parseTable } from "../network/table.ts";
import type { Shape } from "../network/types.ts";
import { chooseAlgorithm } from "./choose-algorithm.ts";
import { datasets } from "./datasets.ts";
import type { SpaceFileField } from "./parse-spec.ts";
import { decodeText, readSpecText } from "./read-spec-text.ts";
import { SpecError, type JobSpec, type SpecMistake } from "./types.ts";

/** A file that a spec names. */
export interface SpecFile {
  /** SHA-256 of `bytes`, lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** A spec that holds for its space. */
export interface ResolvedSpec {
  /** With a real algorithm in the place of `auto`. */
  readonly spec: JobSpec;
  readonly space: Space;
}

/**
 * The space of a job, checked together with its spec: that files are there and can be read, that the networks fit the data set, and
 * that the search can be run on it. What depends on the space is filled into the spec: a resolved spec comes back as it is. Throws SpecError with every mistake; those inside a file name it after the field that names it.
 * @param files those that the space follows from (`spaceFiles`), by their path as written.
 */
export function resolveSpec(parsed: JobSpec, files: ReadonlyMap<string, SpecFile>): ResolvedSpec {
  const space = readSpace(parsed, files);
  const spec = parsed.search.algorithm.name === "auto" ? chooseFor(parsed, space) : parsed;
  const mistakes = [...checkFit(spec, space), ...mistakesIn(() => createSearch(spec.search, space))];
  if (mistakes.length > 0) throw new SpecError(mistakes);
  return { spec, space };
}

function chooseFor(spec: JobSpec, space: Space): JobSpec {
  const { name, reason } = chooseAlgorithm(spaceLogSize(space), spec.evaluator.type);
  const entry = findAlgorithm(name);
  const given = spec.search.supernet === undefined ? {} : entry?.supernet;
  const settings = entry?.settings.parse(given) as Readonly<Record<string, unknown>>;
  return { ...spec, search: { ...spec.search, algorithm: { name, settings } }, algorithmReason: reason };
}

function readSpace({ space, evaluator }: JobSpec, files: ReadonlyMap<string, SpecFile>): Space {
  switch (space.type) {
    case "shipped": {
      const shipped = shippedSpaces.get(space.name);
      if (shipped === undefined)
        throw new SpecError([{ path: "space", message: `there is no shipped space ${space.name}.` }]);
      return shipped.make();
    }
    case "file":
      return readSpaceFile("space.file", space.file, files.get(space.file));
    case "table": {
      const table = evaluator.type === "tabular" ? evaluator.table : "";
      return readSpaceFile("evaluator.tabular.table", table, files.get(table));
    }
  }
}

/** How the file that each field names becomes a space. */
const readers: Readonly<Record<SpaceFileField, (file: SpecFile) => Space>> = {
  "space.file": ({ bytes }) => mbconvSpace(parseMbconvDefinition(readSpecText(decodeText(bytes)))),
  "evaluator.tabular.table": ({ bytes, sha256 }) => tableSpace(parseTable(decodeText(bytes)), sha256),
};

/** The space that a file makes. Throws SpecError with every mistake inside, each told under the field that names the file. */
export function readSpaceFile(field: SpaceFileField, path: string, file: SpecFile | undefined): Space {
  if (file === undefined) throw new SpecError([{ path: field, message: `the file ${path} is missing.` }]);
  try {
    return readers[field](file);
  } catch (error) {
    if (!(error instanceof InputError || error instanceof SpecError)) throw error;
    const inside = error.mistakes.map((mistake) => (mistake.path === "" ? "" : `${mistake.path}: `) + mistake.message);
    throw new SpecError(inside.map((message) => ({ path: field, message: `${path}: ${message}` })));
  }
}

/** Networks to train must take the data set's examples and tell its classes. */
function checkFit({ evaluator }: JobSpec, space: Space): readonly SpecMistake[] {
  if (evaluator.type !== "train" && evaluator.type !== "supernet") return [];
  const network = space.decode(space.choices.map(() => 0));
  if (network.type !== "graph") return [];
  const last = network.layers.at(-1);
  const takes = describeImages(network.input, last?.type === "dense" ? last.units : 0);
  const { input, classes } = datasets[evaluator.dataset];
  const has = describeImages(input, classes);
  if (takes === has) return [];
  return [{ path: "space", message: `${space.name} is for ${takes}, but ${evaluator.dataset} has ${has}.` }];
}

function describeImages({ height, width, channels }: Shape, classes: number): string {
  return `${String(height)}x${String(width)}x${String(channels)} images of ${String(classes)} classes`;
}

function mistakesIn(check: () => unknown): readonly SpecMistake[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.mistakes;
    throw error;
  }
}
