import type { Measurement } from "../../network/measurement.ts";

/** How long workers were at hand for a job, and how long they worked for it. */
export interface Usage {
  /** Time in which evaluations were computed, as far as their outcomes have come, summed over workers, in milliseconds. */
  readonly busyMs: number;
  /** Time connected while the job was running, summed over workers, in milliseconds. */
  readonly connectedMs: number;
  /** What a supernet's draws took beside. */
  readonly exchange?: Exchange;
}

/** Shared weights on their way, summed over the draws of a supernet's job that were measured. */
export interface Exchange {
  readonly samples: number;
  /** To workers, and back. */
  readonly weightsBytes: number;
  readonly updateBytes: number;
  /** Workers' time: waiting for weights and data, computing, and sending updates, beside the next evaluation. */
  readonly waitSeconds: number;
  readonly computeSeconds: number;
  readonly putSeconds: number;
}

/** What one outcome adds. */
export interface Work {
  readonly busyMs: number;
  /** A supernet's draw; null of any other outcome. */
  readonly draw: Measurement | null;
}

const none: Exchange = {
  samples: 0,
  weightsBytes: 0,
  updateBytes: 0,
  waitSeconds: 0,
  computeSeconds: 0,
  putSeconds: 0,
};

/** The usage with the work of outcomes added. */
export function withWork(usage: Usage, works: readonly Work[]): Usage {
  let { busyMs, exchange } = usage;
  for (const work of works) {
    busyMs += work.busyMs;
    if (work.draw !== null) exchange = withDraw(exchange ?? none, work.draw);
  }
  return { ...usage, busyMs, ...(exchange === undefined ? {} : { exchange }) };
}

/** What a worker does not tell counts as nothing. */
function withDraw(sum: Exchange, { extra }: Measurement): Exchange {
  const added = (name: Exclude<keyof Exchange, "samples">): number => sum[name] + Math.max(0, extra[name] ?? 0);
  return {
    samples: sum.samples + 1,
    weightsBytes: added("weightsBytes"),
    updateBytes: added("updateBytes"),
    waitSeconds: added("waitSeconds"),
    computeSeconds: added("computeSeconds"),
    putSeconds: added("putSeconds"),
  };
}

/** Integrates the number of connected workers over time, and sums what their outcomes say. */
export class UsageMeter {
  private current: Usage;
  private markMs: number;

  constructor(start: Usage, nowMs: number) {
    this.current = start;
    this.markMs = nowMs;
  }

  /** Counts the time since the last call; to be called before the number changes. */
  advance(nowMs: number, connectedWorkers: number): void {
    const passedMs = Math.max(0, nowMs - this.markMs);
    this.markMs = nowMs;
    this.current = { ...this.current, connectedMs: this.current.connectedMs + passedMs * connectedWorkers };
  }

  /** Counts outcomes, once they are durable. */
  add(works: readonly Work[]): void {
    this.current = withWork(this.current, works);
  }

  get usage(): Usage {
    return this.current;
  }
}

/** Share of the workers' time in which they computed for the job, 0 to 1; 0 where no worker was ever connected. */
export function busyFraction({ busyMs, connectedMs }: Usage): number {
  return connectedMs === 0 ? 0 : Math.min(1, busyMs / connectedMs);
}
