import type { World } from "../world/world.ts";

/** How much the workers of a fleet have computed together up to now, those under way included. */
export class ComputeMeter {
  private readonly world: World;
  private computing = 0;
  private sumMs = 0;
  private atMs = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** Summed over the workers, in milliseconds. */
  get ms(): number {
    return this.sumMs + this.computing * (this.world.nowMs - this.atMs);
  }

  /** One worker computes for so long. */
  async compute(ms: number): Promise<void> {
    this.change(1);
    await new Promise<void>((resolve) => void this.world.after(ms, resolve));
    this.change(-1);
  }

  private change(by: number): void {
    this.sumMs = this.ms;
    this.atMs = this.world.nowMs;
    this.computing += by;
  }
}
