import { createLogUpdate } from "log-update";
import { formatBar, formatDuration } from "../format.ts";
import { printNote } from "../output.ts";
import type { BenchRun } from "./run-bench.ts";

/** Hears how far a benchmark is. */
export interface BenchListener {
  /** So many more searches are done. */
  searched(count: number): void;
  /** All searches of an algorithm on a problem are done, and those of the runs before it. */
  finished(run: BenchRun): void;
}

const barWidth = 30;

/** A line a run on stderr and, on a terminal, a bar below them. */
export class BenchProgress implements BenchListener {
  readonly #searches: number;
  readonly #startMs = performance.now();
  // A terminal of unknown size (0 rows) has no room to redraw in.
  readonly #bar =
    process.stderr.isTTY && process.stderr.rows > 0 ? createLogUpdate(process.stderr, { showCursor: true }) : null;
  #done = 0;

  /** @param searches of the whole benchmark. */
  constructor(searches: number) {
    this.#searches = searches;
    printNote(`${searches.toLocaleString("en")} searches`);
  }

  searched(count: number): void {
    this.#done += count;
    this.#draw();
  }

  finished({ problem, algorithm, records }: BenchRun): void {
    this.#bar?.clear();
    printNote(
      `${problem.name}, ${algorithm}: ${String(records.length)} searches done after ${formatDuration(this.#age())}`,
    );
    this.#draw();
  }

  close(): void {
    this.#bar?.clear();
  }

  #draw(): void {
    this.#bar?.(progressText(this.#done, this.#searches, this.#age()));
  }

  #age(): number {
    return performance.now() - this.#startMs;
  }
}

/** How far a benchmark is, with the time left at its pace so far. */
export function progressText(done: number, searches: number, ageMs: number): string {
  const share = done / searches;
  const left = done === 0 ? "" : `  about ${formatDuration(ageMs / share - ageMs)} left`;
  return `${formatBar(share, barWidth)} ${String(Math.floor(100 * share))}%  ${String(done)} of ${String(searches)} searches${left}`;
}
