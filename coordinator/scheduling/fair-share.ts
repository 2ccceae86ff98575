import { neededBy, type JobRunner } from "./job-runner.ts";

/** The next trial to lease, and whose it is. */
export interface Share {
  readonly runner: JobRunner;
  readonly trial: number;
}

/** Whose trial a worker gets next: running jobs take turns, a job's own trials go by their number. */
export class FairShare {
  /** The first is served next. */
  private readonly ring: JobRunner[] = [];

  add(runner: JobRunner): void {
    this.ring.push(runner);
  }

  remove(runner: JobRunner): void {
    const index = this.ring.indexOf(runner);
    if (index >= 0) this.ring.splice(index, 1);
  }

  /** Whether any trial waits at all. */
  get isEmpty(): boolean {
    return !this.ring.some(isServable);
  }

  /** Takes the next trial that these evaluators can evaluate out of its job's queue; null where there is none. */
  take(evaluators: readonly string[]): Share | null {
    const index = this.ring.findIndex((runner) => isServable(runner) && evaluators.includes(neededBy(runner.job)));
    const runner = this.ring[index];
    const trial = runner?.job.pending.take();
    if (runner === undefined || trial === undefined) return null;
    this.ring.splice(index, 1);
    this.ring.push(runner);
    return { runner, trial };
  }
}

function isServable({ job }: JobRunner): boolean {
  return job.checkpoint.record.state === "running" && job.pending.size > 0;
}
