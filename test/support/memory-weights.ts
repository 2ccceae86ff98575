import { createHash } from "node:crypto";
import type { WeightsSlice } from "../../network/shared-weights.ts";
import {
  WeightsError,
  type UpdateHeader,
  type WeightsMerge,
  type WeightsStore,
} from "../../coordinator/weights/weights-store.ts";

interface StoredUpdate {
  readonly version: number;
  readonly slices: readonly WeightsSlice[];
  readonly values: Float32Array;
}

/** Places in a row-major tensor of the slice's numbers, in their order: the first so many of each dimension. */
function* placesOf(whole: readonly number[], slice: readonly number[], base = 0): Generator<number> {
  const [side = 1, ...rest] = slice;
  const [, ...inner] = whole;
  const step = inner.reduce((product, each) => product * each, 1);
  for (let index = 0; index < side; index++) {
    if (rest.length === 0) yield base + index;
    else yield* placesOf(inner, rest, base + index * step);
  }
}

/** Shared weights of any jobs in memory, in float32, without momentum. What the merges were is kept for tests to look at. */
export class MemoryWeights implements WeightsStore {
  readonly merges: (WeightsMerge & { readonly job: string })[] = [];
  readonly versions = new Map<string, ReadonlyMap<string, Float32Array>>();
  readonly updates = new Map<string, StoredUpdate>();
  /** Runs before each merge, which waits for it. */
  before: (merge: WeightsMerge) => Promise<void> = () => Promise.resolve();

  async merge(job: string, merge: WeightsMerge): Promise<void> {
    await this.before(merge);
    const base = merge.round === 0 ? initial(merge) : this.versionOf(job, merge.round);
    const next = new Map([...base].map(([name, values]) => [name, values.slice()]));
    const shapes = new Map(merge.tensors.map(({ tensor, shape }) => [tensor, shape]));
    for (const { sha256, weight } of merge.updates) {
      const { slices, values } = this.updateOf(job, sha256);
      let place = 0;
      for (const { tensor, shape } of slices) {
        const numbers = next.get(tensor)!;
        for (const index of placesOf(shapes.get(tensor)!, shape)) numbers[index]! += weight * values[place++]!;
      }
    }
    this.versions.set(`${job} ${merge.round + 1}`, next);
    this.merges.push({ ...merge, job });
  }

  async *fetch(job: string, version: number, slices: readonly WeightsSlice[]): AsyncGenerator<Uint8Array> {
    const tensors = this.versionOf(job, version);
    const shapes = new Map(this.merges[0]!.tensors.map(({ tensor, shape }) => [tensor, shape]));
    for (const { tensor, shape } of slices) {
      const numbers = tensors.get(tensor)!;
      const values = Float32Array.from(placesOf(shapes.get(tensor)!, shape), (place) => numbers[place]!);
      yield await Promise.resolve(new Uint8Array(values.buffer));
    }
  }

  async putUpdate(job: string, header: UpdateHeader, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    const whole = new Uint8Array(Buffer.concat(chunks));
    const { version, slices, sha256 } = header;
    if (createHash("sha256").update(whole).digest("hex") !== sha256) throw new WeightsError("invalid", "other bytes");
    this.updates.set(`${job} ${sha256}`, { version, slices, values: new Float32Array(whole.buffer) });
  }

  hasUpdate(job: string, sha256: string): Promise<boolean> {
    return Promise.resolve(this.updates.has(`${job} ${sha256}`));
  }

  collect(job: string, keep: { readonly version: number; readonly updates: readonly string[] }): Promise<void> {
    const isOf = (key: string) => key.startsWith(`${job} `);
    for (const key of this.versions.keys()) {
      if (isOf(key) && Number(key.slice(job.length + 1)) < keep.version) this.versions.delete(key);
    }
    for (const [key, { version }] of this.updates) {
      if (isOf(key) && version < keep.version && !keep.updates.includes(key.slice(job.length + 1)))
        this.updates.delete(key);
    }
    return Promise.resolve();
  }

  private versionOf(job: string, version: number): ReadonlyMap<string, Float32Array> {
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

/** Constants as they are, and in the place of normal numbers a row of known ones of their deviation. */
function initial({ tensors, seed }: WeightsMerge): ReadonlyMap<string, Float32Array> {
  return new Map(
    tensors.map(({ tensor, shape, initial: begin }) => {
      const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
      const valueAt = (index: number) => Math.SQRT2 * Math.sin(seed + tensor.length + 12.9898 * index);
      return [
        tensor,
        values.map((_, index) => (begin.type === "constant" ? begin.value : begin.deviation * valueAt(index))),
      ];
    }),
  );
}
