import type { World } from "../world/world.ts";

interface Transfer {
  leftBytes: number;
  readonly done: () => void;
}

/**
 * One direction of a network link: what is on its way shares the rate evenly, and none goes faster than a transfer may by itself. Time is
 * kept with fractions of a millisecond, so that nothing is lost between one transfer and the next; its end is told at the next whole one.
 */
export class SharedLink {
  private readonly world: World;
  private readonly bytesPerMs: number;
  private readonly mostPerTransfer: number;
  private readonly underWay = new Set<Transfer>();
  private atMs = 0;
  private wakeUps = 0;
  private passed = 0;

  /** @param mostPerTransfer Bytes a millisecond that one transfer takes at most, whatever the link is able to carry. */
  constructor(world: World, bytesPerMs: number, mostPerTransfer: number) {
    this.world = world;
    this.bytesPerMs = bytesPerMs;
    this.mostPerTransfer = mostPerTransfer;
  }

  /** All that has passed up to now. */
  get bytes(): number {
    this.advance();
    return this.passed;
  }

  /** Resolves when so many bytes have passed. */
  carry(bytes: number): Promise<void> {
    return new Promise((resolve) => {
      this.advance();
      this.underWay.add({ leftBytes: bytes, done: resolve });
      this.schedule();
    });
  }

  private get rate(): number {
    return Math.min(this.bytesPerMs / this.underWay.size, this.mostPerTransfer);
  }

  /** Has pass what passes up to now: to the end of the transfer that ends first, to that of the next, and so on. */
  private advance(): void {
    while (this.underWay.size > 0) {
      const leastBytes = Math.min(...[...this.underWay].map(({ leftBytes }) => leftBytes));
      const stepMs = Math.min(leastBytes / this.rate, this.world.nowMs - this.atMs);
      const bytes = stepMs * this.rate;
      this.atMs += stepMs;
      for (const transfer of this.underWay) {
        transfer.leftBytes -= bytes;
        this.passed += bytes;
      }
      let hasEnded = false;
      for (const transfer of this.underWay) {
        if (transfer.leftBytes > 1e-6) continue;
        hasEnded = true;
        this.underWay.delete(transfer);
        transfer.done();
      }
      if (!hasEnded) break;
    }
    this.atMs = this.world.nowMs;
  }

  /** Looks again when the first transfer has ended, as far as is known now. */
  private schedule(): void {
    this.wakeUps += 1;
    if (this.underWay.size === 0) return;
    const wakeUp = this.wakeUps;
    const leastBytes = Math.min(...[...this.underWay].map(({ leftBytes }) => leftBytes));
    this.world.after(Math.max(1, Math.ceil(leastBytes / this.rate)), () => {
      if (wakeUp !== this.wakeUps) return;
      this.advance();
      this.schedule();
    });
  }
}
