import { sliceSize } from "../../../network/weights-codec.ts";
import type { WeightsSlice } from "../../../network/shared-weights.ts";
import {
  WeightsError,
  type UpdateHeader,
  type WeightsMerge,
  type WeightsStore,
} from "../../../coordinator/weights/weights-store.ts";
import type { Dice } from "../world/dice.ts";
import type { SimProcess } from "../world/process.ts";
import type { World } from "../world/world.ts";
import { mergedWeight } from "./supernet-draw.ts";
import type { Troubles } from "./troubles.ts";

/** What is kept of one job. */
interface Kept {
  /** Every version that was ever made, by number: what a merge came to stays known after the version is dropped. */
  readonly made: Map<number, number>;
  readonly versions: Set<number>;
  /** The version that each was made from, by hash. */
  readonly updates: Map<string, number>;
}

/**
 * The disk under the shared weights of jobs: what is on it outlives every process. A merge or an update is there at one moment, and its process
 * hears of that at another, or an error, or dies before. What is asked of it must make sense.
 */
export class SimWeights {
  /** Nothing can be read or written. */
  isDown = false;
  private readonly world: World;
  private readonly dice: Dice;
  private readonly troubles: Troubles;
  private readonly jobs = new Map<string, Kept>();

  constructor(world: World, troubles: Troubles) {
    this.world = world;
    this.dice = world.dice("weights");
    this.troubles = troubles;
  }

  /** Whether an update is stored. */
  hasUpdate(job: string, sha256: string): boolean {
    return this.of(job).updates.has(sha256);
  }

  /** Whether a version is stored. */
  hasVersion(job: string, version: number): boolean {
    return this.of(job).versions.has(version);
  }

  /** What a version is or was; null where it never was. */
  weightOf(job: string, version: number): number | null {
    return this.of(job).made.get(version) ?? null;
  }

  /** The store as one process has it. */
  open(process: SimProcess): WeightsStore {
    return {
      merge: (job, merge) => this.call(process, this.dice.wait(150), () => this.merge(job, merge)),
      collect: (job, keep) => this.call(process, this.dice.whole(0, 20), () => this.collect(job, keep)),
      hasUpdate: (job, sha256) => this.call(process, this.dice.whole(0, 2), () => this.hasUpdate(job, sha256)),
      putUpdate: (job, update) => this.call(process, this.dice.wait(20), () => this.put(job, update)),
      fetch: (job, version, slices) => this.fetch(process, job, version, slices),
    };
  }

  private async *fetch(
    process: SimProcess,
    job: string,
    version: number,
    slices: readonly WeightsSlice[],
  ): AsyncGenerator<Uint8Array> {
    const weight = await this.call(process, this.dice.wait(20), () => {
      if (!this.hasVersion(job, version)) throw new WeightsError("notFound", `there is no version ${version}`);
      return this.weightOf(job, version) ?? NaN;
    });
    const numbers = slices.reduce((sum, slice) => sum + sliceSize(slice), 0);
    yield new Uint8Array(new Float32Array(numbers).fill(weight).buffer);
  }

  private merge(job: string, merge: WeightsMerge): void {
    const { made, versions, updates } = this.of(job);
    const { round } = merge;
    const base = round === 0 ? null : (made.get(round) ?? null);
    const weight = mergedWeight(base, merge);
    const before = made.get(round + 1);
    if (before !== undefined) {
      if (before !== weight) this.world.violate(`${job}: version ${round + 1} is made again, of something else`);
      return;
    }
    if (round > 0 && !versions.has(round))
      this.world.violate(`${job}: version ${round + 1} is made without the one before`);
    for (const { sha256 } of merge.updates)
      if (!updates.has(sha256)) this.world.violate(`${job}: version ${round + 1} needs an update that is not there`);
    made.set(round + 1, weight);
    versions.add(round + 1);
    this.world.note("weights", `${job} version ${round + 1} of ${merge.updates.length} updates`);
  }

  private put(job: string, { version, sha256 }: UpdateHeader): void {
    this.of(job).updates.set(sha256, version);
    this.world.note("weights", `${job} update ${sha256.slice(0, 8)} of version ${version}`);
  }

  private collect(job: string, keep: Parameters<WeightsStore["collect"]>[1]): void {
    const { versions, updates } = this.of(job);
    for (const version of versions) if (version < keep.version) versions.delete(version);
    for (const [sha256, version] of updates)
      if (version < keep.version && !keep.updates.includes(sha256)) updates.delete(sha256);
  }

  /** Takes its effect after a while, unless the process is dead by then, and tells the process of it. */
  private call<T>(process: SimProcess, delayMs: number, take: () => T): Promise<T> {
    const luck = this.troubles.has("weightsFail") ? this.dice.random() : 1;
    return new Promise((resolve, reject) => {
      process.after(delayMs, () => {
        try {
          if (this.isDown || luck < 0.04) throw new WeightsError("unavailable", "the disk of weights is away");
          const value = take();
          if (luck < 0.08) throw new WeightsError("unavailable", "no word from the disk of weights");
          process.after(this.dice.whole(0, 10), () => resolve(value));
        } catch (error) {
          process.after(0, () => reject(error instanceof Error ? error : new Error(String(error))));
        }
      });
    });
  }

  private of(job: string): Kept {
    const kept = this.jobs.get(job) ?? { made: new Map(), versions: new Set(), updates: new Map() };
    this.jobs.set(job, kept);
    return kept;
  }
}
