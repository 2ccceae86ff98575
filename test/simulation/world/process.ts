import type { Scheduled, World } from "./world.ts";

/**
 * One operating system process: alive -> dead, and frozen in between any number of times. All that runs in it goes through here: what
 * reaches a dead process never happens, what reaches a frozen one happens when it goes on, in order.
 */
export class SimProcess {
  readonly name: string;
  isAlive = true;
  isFrozen = false;
  private readonly world: World;
  private backlog: (() => void)[] = [];

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
  }

  /** Runs in the process after the delay. */
  after(delayMs: number, run: () => void): Scheduled {
    let isCancelled = false;
    const scheduled = this.world.after(delayMs, () =>
      this.run(() => {
        if (!isCancelled) run();
      }),
    );
    return {
      cancel: () => {
        isCancelled = true;
        scheduled.cancel();
      },
    };
  }

  /** Runs in the process as soon as it can. */
  run(task: () => void): void {
    if (!this.isAlive) return;
    if (this.isFrozen) this.backlog.push(task);
    else task();
  }

  kill(): void {
    this.isAlive = false;
    this.backlog = [];
  }

  freeze(): void {
    this.isFrozen = true;
  }

  /** Goes on with what came meanwhile, one thing after another. */
  thaw(): void {
    this.isFrozen = false;
    for (const task of this.backlog.splice(0)) this.world.after(0, () => this.run(task));
  }
}
