import { createHash } from "node:crypto";
import type { Precision } from "../../network/evaluation.ts";
import type { WeightsSlice } from "../../network/shared-weights.ts";
import { decodeWeights, encodeWeights } from "../../network/weights-codec.ts";
import { shapesOf } from "../../coordinator/weights/fits.ts";
import { initialNumbers } from "../../coordinator/weights/initial.ts";
import {
  WeightsError,
  type UpdateHeader,
  type WeightsMerge,
  type WeightsStore,
} from "../../coordinator/weights/weights-store.ts";
import { placesOf } from "./supernet-weights.ts";

type Numbers = ReadonlyMap<string, Float32Array>;

interface StoredUpdate {
  readonly version: number;
  readonly slices: readonly WeightsSlice[];
  readonly values: Float32Array;
}

/** Shared weights of any jobs in memory, merged number by number. What the merges were is kept for tests to look at. */
export class MemoryWeights implements WeightsStore {
  readonly merges: (WeightsMerge & { readonly job: string })[] = [];
  readonly versions = new Map<string, Numbers>();
  readonly updates = new Map<string, StoredUpdate>();
  /** Runs before each merge, which waits for it. */
  before: (merge: WeightsMerge) => Promise<void> = () => Promise.resolve();
  /** Of each job. */
  private readonly tensors = new Map<string, readonly WeightsSlice[]>();
  /** The version before, of each that was made with momentum. */
  private readonly earlier = new Map<string, Numbers>();

  async merge(job: string, merge: WeightsMerge): Promise<void> {
    await this.before(merge);
    const { round, tensors, updates, momentum } = merge;
    const base = round === 0 ? initial(merge) : this.versionOf(job, round);
    this.check(job, merge);
    const earlier = this.earlier.get(`${job} ${round}`);
    const next = new Map<string, Float32Array>();
    for (const { tensor, shape } of tensors) {
      const numbers = base.get(tensor)!;
      const sums = Float64Array.from(numbers);
      const before = momentum > 0 ? earlier?.get(tensor) : undefined;
      if (before !== undefined) numbers.forEach((now, place) => (sums[place]! += momentum * (now - before[place]!)));
      for (const { sha256, weight } of updates) {
        for (const [place, value] of changesOf(this.updateOf(job, sha256), tensor, shape))
          sums[place]! += weight * value;
      }
      const result = new Float32Array(sums);
      if (!result.every(Number.isFinite)) throw new WeightsError("invalid", `${tensor} would hold what is no number`);
      next.set(tensor, result);
    }
    this.tensors.set(job, tensors);
    this.versions.set(`${job} ${round + 1}`, next);
    if (momentum > 0 && round > 0) this.earlier.set(`${job} ${round + 1}`, base);
    this.merges.push({ ...merge, job });
  }

  async *fetch(
    job: string,
    version: number,
    slices: readonly WeightsSlice[],
    precision: Precision,
  ): AsyncGenerator<Uint8Array> {
    const tensors = this.versionOf(job, version);
    const shapes = shapesOf(slices, this.tensors.get(job)!, `version ${version}`);
    const values = slices.map(({ tensor, shape }, index) =>
      Float32Array.from(placesOf(shapes[index]!, shape), (place) => tensors.get(tensor)![place]!),
    );
    const bytes = encodeWeights(values, precision);
    const most = 2 ** 20;
    for (let from = 0; from < bytes.length; from += most)
      yield await Promise.resolve(bytes.subarray(from, from + most));
  }

  async putUpdate(job: string, header: UpdateHeader, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const { version, slices, sha256, precision } = header;
    this.versionOf(job, version);
    shapesOf(slices, this.tensors.get(job)!, "the update");
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    const whole = new Uint8Array(Buffer.concat(chunks));
    if (createHash("sha256").update(whole).digest("hex") !== sha256) throw new WeightsError("invalid", "other bytes");
    const values = numbersOf(whole, slices, precision);
    if (!values.every(Number.isFinite)) throw new WeightsError("invalid", "it holds what is no number");
    this.updates.set(`${job} ${sha256}`, { version, slices, values });
  }

  hasUpdate(job: string, sha256: string): Promise<boolean> {
    return Promise.resolve(this.updates.has(`${job} ${sha256}`));
  }

  collect(job: string, keep: { readonly version: number; readonly updates: readonly string[] }): Promise<void> {
    const isOf = (key: string) => key.startsWith(`${job} `);
    for (const key of this.versions.keys()) {
      if (!isOf(key) || Number(key.slice(job.length + 1)) >= keep.version) continue;
      this.versions.delete(key);
      this.earlier.delete(key);
    }
    for (const [key, { version }] of this.updates) {
      if (isOf(key) && version < keep.version && !keep.updates.includes(key.slice(job.length + 1)))
        this.updates.delete(key);
    }
    return Promise.resolve();
  }

  private check(job: string, { round, tensors, updates, momentum }: WeightsMerge): void {
    const shapes = (of: readonly WeightsSlice[]) => JSON.stringify(of.map(({ tensor, shape }) => [tensor, shape]));
    if (round > 0 && shapes(tensors) !== shapes(this.tensors.get(job)!))
      throw new WeightsError("invalid", "there were other tensors");
    if (round > 1 && momentum > 0 && !this.earlier.has(`${job} ${round}`))
      throw new WeightsError("invalid", "its change is not known");
    for (const { sha256 } of updates) shapesOf(this.updateOf(job, sha256).slices, tensors, sha256);
  }

  private versionOf(job: string, version: number): Numbers {
    const found = this.versions.get(`${job} ${version}`);
    if (found === undefined) throw new WeightsError("notFound", `there is no version ${version}`);
    return found;
  }

  private updateOf(job: string, sha256: string): StoredUpdate {
    const found = this.updates.get(`${job} ${sha256}`);
    if (found === undefined) throw new WeightsError("notFound", `there is no update ${sha256}`);
    return found;
  }
}

function initial({ tensors, seed }: WeightsMerge): Numbers {
  return new Map(tensors.map((tensor) => [tensor.tensor, initialNumbers(tensor, seed)]));
}

function numbersOf(bytes: Uint8Array, slices: readonly WeightsSlice[], precision: Precision): Float32Array {
  try {
    return Float32Array.from(decodeWeights(bytes, slices, precision).flatMap((values) => [...values]));
  } catch (error) {
    throw new WeightsError("invalid", "it has more bytes or fewer", { cause: error });
  }
}

/** What an update adds at which places of a whole tensor. */
function changesOf({ slices, values }: StoredUpdate, tensor: string, shape: readonly number[]): [number, number][] {
  const index = slices.findIndex((slice) => slice.tensor === tensor);
  if (index < 0) return [];
  const size = (slice: WeightsSlice) => slice.shape.reduce((product, side) => product * side, 1);
  const start = slices.slice(0, index).reduce((sum, slice) => sum + size(slice), 0);
  return placesOf(shape, slices[index]!.shape).map((place, at) => [place, values[start + at]!]);
}
