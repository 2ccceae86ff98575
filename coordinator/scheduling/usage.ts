/** How long workers were at hand for a job, and how long they worked for it. */
export interface Usage {
  /** Time with at least one lease of the job, summed over workers, in milliseconds. */
  readonly busyMs: number;
  /** Time connected while the job was running, summed over workers, in milliseconds. */
  readonly connectedMs: number;
}

/** Integrates the numbers of busy and of connected workers over time. */
export class UsageMeter {
  private busyMs: number;
  private connectedMs: number;
  private markMs: number;

  constructor(start: Usage, nowMs: number) {
    this.busyMs = start.busyMs;
    this.connectedMs = start.connectedMs;
    this.markMs = nowMs;
  }

  /** Counts the time since the last call; to be called before either number changes. */
  advance(nowMs: number, busyWorkers: number, connectedWorkers: number): void {
    const passedMs = Math.max(0, nowMs - this.markMs);
    this.markMs = nowMs;
    // A worker that lost its connection goes on with its lease, but was not at hand.
    this.busyMs += passedMs * Math.min(busyWorkers, connectedWorkers);
    this.connectedMs += passedMs * connectedWorkers;
  }

  get usage(): Usage {
    return { busyMs: this.busyMs, connectedMs: this.connectedMs };
  }
}

/** Share of the workers' time that went into the job, 0 to 1; 0 where no worker was ever connected. */
export function busyFraction({ busyMs, connectedMs }: Usage): number {
  return connectedMs === 0 ? 0 : Math.min(1, busyMs / connectedMs);
}
