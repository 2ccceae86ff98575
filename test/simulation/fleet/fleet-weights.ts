import type { WeightsMerge, WeightsStore } from "../../../coordinator/weights/weights-store.ts";
import type { World } from "../world/world.ts";
import { mergeMs, putMs } from "./fleet-model.ts";

/** Shared weights of which only the sizes are kept: merges and updates take as long as those of real ones. */
export class FleetWeights implements WeightsStore {
  /** How long each merge took, but for the first, in milliseconds. */
  readonly mergesMs: number[] = [];
  private readonly world: World;
  private readonly versionBytes: number;
  private readonly updates = new Map<string, number>();

  /** @param versionBytes Of one version. */
  constructor(world: World, versionBytes: number) {
    this.world = world;
    this.versionBytes = versionBytes;
  }

  async merge(_job: string, { round, updates }: WeightsMerge): Promise<void> {
    const updateBytes = updates.reduce((sum, { sha256 }) => sum + (this.updates.get(sha256) ?? 0), 0);
    const takesMs = mergeMs.each + mergeMs.perVersionByte * this.versionBytes + mergeMs.perUpdateByte * updateBytes;
    if (round > 0) this.mergesMs.push(takesMs);
    await this.pass(takesMs);
  }

  /** Stores an update of so many bytes. */
  async store(sha256: string, bytes: number): Promise<void> {
    await this.pass(putMs.each + putMs.perByte * bytes);
    this.updates.set(sha256, bytes);
  }

  hasUpdate(_job: string, sha256: string): Promise<boolean> {
    return Promise.resolve(this.updates.has(sha256));
  }

  collect(): Promise<void> {
    return Promise.resolve();
  }

  fetch(): AsyncIterable<Uint8Array> {
    throw new Error("bytes of a fleet's weights are never looked at");
  }

  putUpdate(): Promise<void> {
    return Promise.reject(new Error("bytes of a fleet's weights are never looked at"));
  }

  private pass(ms: number): Promise<void> {
    return new Promise((resolve) => void this.world.after(ms, resolve));
  }
}
