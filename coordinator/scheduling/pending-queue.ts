/** Numbers of trials that wait for a worker, the lowest first: a trial that is tried again goes before those created after it. */
export class PendingQueue {
  /** Ascending, without repeats. */
  private readonly trials: number[] = [];

  get size(): number {
    return this.trials.length;
  }

  /** Idempotent. */
  add(trial: number): void {
    const index = this.indexOf(trial);
    if (this.trials[index] !== trial) this.trials.splice(index, 0, trial);
  }

  /** Removes the first and returns it; undefined where none waits. */
  take(): number | undefined {
    return this.trials.shift();
  }

  /** Idempotent. */
  remove(trial: number): void {
    const index = this.indexOf(trial);
    if (this.trials[index] === trial) this.trials.splice(index, 1);
  }

  /** Where the trial is, or would be put. */
  private indexOf(trial: number): number {
    let [low, high] = [0, this.trials.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.trials[middle] ?? Infinity) < trial) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
