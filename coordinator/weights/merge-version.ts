import { createHash } from "node:crypto";
import { makeFoldersSync } from "./durable.ts";
import { asWeightsError } from "./failures.ts";
import { shapesOf } from "./fits.ts";
import { initialNumbers } from "./initial.ts";
import { jobFolder, versionFile, type JobFolder } from "./job-folder.ts";
import { chunkBytes, chunkNumbers, type Chunk, type Manifest, type StoredTensor } from "./manifest.ts";
import { SliceRuns } from "./slice-runs.ts";
import { openUpdates, type UpdateFile } from "./update-files.ts";
import { VersionFiles } from "./version-files.ts";
import { VersionWriter } from "./version-writer.ts";
import { WeightsError, type WeightsMerge } from "./weights-store.ts";

/** A chunk that has been shared by so many versions is written anew, so that no old file is kept for ever for the sake of a few. */
const sharedBy = 16;

/** One merge for the thread that does them. */
export interface MergeTask {
  /** The store's folder. */
  readonly root: string;
  readonly job: string;
  readonly merge: WeightsMerge;
  /** Of the file that is to be written, in the job's folder of unfinished ones; used by nobody else. */
  readonly name: string;
}

/**
 * Makes a version, as `WeightsStore.merge` says, and waits for the disk. A number is ω + momentum·(ω − ω'), ω' that of the version before, then
 * weight·Δ of each update added in order, all in float64, and rounded to float32 once. Holds a few chunks at a time, and of version 1 a tensor.
 */
export function mergeVersion(task: MergeTask): void {
  const folder = jobFolder(task.root, task.job);
  const files = new VersionFiles(folder);
  const recipe = recipeOf(task.merge);
  try {
    merge(task, recipe, folder, files);
  } catch (error) {
    // Another coordinator has made it meanwhile, and has dropped what it was made from.
    if (wholeManifest(files, task.merge.round + 1)?.recipe === recipe) return;
    throw asWeightsError(error, `version ${task.merge.round + 1}`);
  } finally {
    files.close();
  }
}

function merge({ root, job, merge, name }: MergeTask, recipe: string, folder: JobFolder, files: VersionFiles): void {
  const version = merge.round + 1;
  const base = merge.round === 0 ? null : files.manifest(merge.round);
  const origin = hashOf([base?.origin ?? "", recipe]);
  const made = wholeManifest(files, version);
  // The base may be gone by the time that a merge is repeated.
  if (made?.recipe === recipe && (base === null || made.origin === origin)) return;
  if (merge.round === 0) {
    makeFoldersSync(root, [folder.versions, folder.updates, folder.unfinished]);
  } else checkBase(merge, base);
  const updates = openUpdates(
    folder,
    merge.updates.map(({ sha256 }) => sha256),
  );
  for (const [sha256, { stored }] of updates) shapesOf(stored.slices, merge.tensors, `update ${sha256}`);

  const writer = new VersionWriter(version, `${folder.unfinished}/${name}`);
  try {
    const maker = new VersionMaker(merge, updates, files, writer);
    const tensors = merge.tensors.map((tensor, place) => {
      const stored = base?.tensors[place];
      return stored === undefined ? maker.first(tensor) : maker.next(stored);
    });
    writer.publish({ job, version, recipe, origin, tensors }, versionFile(folder, version));
  } catch (error) {
    writer.drop();
    throw error;
  }
}

/** The manifest of a version that is there and whole; null also where that cannot be told. */
function wholeManifest(files: VersionFiles, version: number): Manifest | null {
  try {
    return files.manifest(version);
  } catch {
    return null;
  }
}

function checkBase({ round, tensors, momentum }: WeightsMerge, base: Manifest | null): asserts base is Manifest {
  if (base === null) throw new WeightsError("notFound", `there is no version ${round}`);
  const shapes = (of: readonly { readonly tensor: string; readonly shape: readonly number[] }[]): string =>
    JSON.stringify(of.map(({ tensor, shape }) => [tensor, shape]));
  if (shapes(base.tensors) !== shapes(tensors))
    throw new WeightsError("invalid", `version ${round} consists of other tensors than the next is to.`);
  if (momentum > 0 && round > 1 && base.tensors.some(({ before }) => before.length === 0))
    throw new WeightsError("invalid", `version ${round} was made without momentum: its change is not known.`);
}

function hashOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function recipeOf({ round, tensors, seed, updates, momentum }: WeightsMerge): string {
  const begins = tensors.map(({ tensor, shape, initial }) => [
    ...[tensor, shape, initial.type],
    initial.type === "normal" ? initial.deviation : initial.value,
  ]);
  return hashOf([round, begins, seed, updates.map(({ sha256, weight }) => [sha256, weight]), momentum]);
}

/** What an update changes of a tensor. */
interface Change {
  readonly update: UpdateFile;
  readonly weight: number;
  readonly start: number;
  readonly runs: SliceRuns;
}

/** Makes the tensors of a version, one after the other, in buffers of one chunk. */
class VersionMaker {
  readonly #merge: WeightsMerge;
  readonly #updates: ReadonlyMap<string, UpdateFile>;
  readonly #files: VersionFiles;
  readonly #writer: VersionWriter;
  readonly #read = Buffer.alloc(chunkBytes);
  readonly #readBefore = Buffer.alloc(chunkBytes);
  readonly #sums = new Float64Array(chunkNumbers);
  readonly #result = new Float32Array(chunkNumbers);

  constructor(
    merge: WeightsMerge,
    updates: ReadonlyMap<string, UpdateFile>,
    files: VersionFiles,
    writer: VersionWriter,
  ) {
    this.#merge = merge;
    this.#updates = updates;
    this.#files = files;
    this.#writer = writer;
  }

  /** A tensor of the first version. */
  first(tensor: WeightsMerge["tensors"][number]): StoredTensor {
    const numbers = initialNumbers(tensor, this.#merge.seed);
    checkFinite(numbers, tensor.tensor);
    const chunks = chunkStarts(numbers.length).map((from) =>
      this.#writer.write(numbers.subarray(from, from + chunkNumbers), null),
    );
    return { tensor: tensor.tensor, shape: tensor.shape, chunks, before: [] };
  }

  /** A tensor of the version after the one where it is stored like this. */
  next(stored: StoredTensor): StoredTensor {
    const changes = this.#changesOf(stored);
    const chunks = stored.chunks.map((chunk, place) => this.#nextChunk(stored, chunk, place, changes));
    return { ...stored, chunks, before: this.#merge.momentum > 0 ? stored.chunks : [] };
  }

  #changesOf({ tensor, shape }: StoredTensor): readonly Change[] {
    return this.#merge.updates.flatMap(({ sha256, weight }) => {
      const update = this.#updates.get(sha256);
      const slice = update?.stored.slices.find((each) => each.tensor === tensor);
      const start = update?.starts.get(tensor);
      if (update === undefined || slice === undefined || start === undefined) return [];
      return [{ update, weight, start, runs: new SliceRuns(shape, slice.shape) }];
    });
  }

  #nextChunk({ tensor, before }: StoredTensor, chunk: Chunk, place: number, changes: readonly Change[]): Chunk {
    const from = place * chunkNumbers;
    const to = from + chunk.bytes / 4;
    const touching = changes.filter(({ runs }) => {
      const [first, last] = runs.within(from, to);
      return first < last;
    });
    const earlier = this.#merge.momentum > 0 ? before[place] : undefined;
    const changed = earlier !== undefined && earlier.sha256 !== chunk.sha256 ? earlier : null;
    const isShared = chunk.version > this.#merge.round + 1 - sharedBy;
    if (touching.length === 0 && changed === null) {
      return isShared ? chunk : this.#writer.write(this.#files.read(chunk, this.#read, tensor), null);
    }
    this.#begin(this.#files.read(chunk, this.#read, tensor), changed, tensor);
    for (const change of touching) this.#add(change, from, to);
    const result = this.#result.subarray(0, to - from);
    result.set(this.#sums.subarray(0, to - from));
    checkFinite(result, tensor);
    return this.#writer.write(result, isShared ? chunk : null);
  }

  #begin(numbers: Float32Array, earlier: Chunk | null, tensor: string): void {
    const sums = this.#sums;
    sums.set(numbers);
    if (earlier === null) return;
    const { momentum } = this.#merge;
    const before = this.#files.read(earlier, this.#readBefore, tensor);
    for (let index = 0; index < numbers.length; index += 1) {
      const number = numbers[index] ?? 0;
      sums[index] = number + momentum * (number - (before[index] ?? 0));
    }
  }

  #add({ update, weight, start, runs }: Change, from: number, to: number): void {
    const sums = this.#sums;
    const [first, last] = runs.within(from, to);
    const numbers = update.numbers(start + first, start + last);
    runs.visit(from, to, (place, index, length) => {
      const [sum, number] = [place - from, index - first];
      for (let step = 0; step < length; step += 1) {
        sums[sum + step] = (sums[sum + step] ?? 0) + weight * (numbers[number + step] ?? 0);
      }
    });
  }
}

function chunkStarts(numbers: number): readonly number[] {
  return Array.from({ length: Math.ceil(numbers / chunkNumbers) }, (_, place) => place * chunkNumbers);
}

function checkFinite(numbers: Float32Array, tensor: string): void {
  for (let place = 0; place < numbers.length; place += 1) {
    if (!Number.isFinite(numbers[place]))
      throw new WeightsError("invalid", `a number of the tensor ${tensor} would be beyond float32.`);
  }
}
