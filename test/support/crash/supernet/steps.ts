import { writeSync } from "node:fs";

/** Counts the steps of a process, says each on stdout, and kills the process with SIGKILL at the one of this number; at none with 0. */
export class Steps {
  private readonly last: number;
  private count = 0;

  constructor(last: number) {
    this.last = last;
  }

  take(name: string): void {
    this.count += 1;
    // Blocks until the line is in the pipe: the kill cannot take it back.
    writeSync(1, `step ${this.count} ${name}\n`);
    if (this.count === this.last) process.kill(process.pid, "SIGKILL");
  }
}
