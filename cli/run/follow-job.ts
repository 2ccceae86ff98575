import { createLogUpdate } from "log-update";
import type { FpnasClient } from "../../client/client.ts";
import type { Job } from "../../client/types.ts";
import { printNote } from "../output.ts";
import { progressLine, progressLines, type ProgressInput } from "./progress-lines.ts";

/** A line at least this often where stderr is no terminal. */
const lineEveryMs = 10_000;
/** Not more lines than this, however fast rounds close. */
const lineAtMostEveryMs = 1000;
const redrawMs = 500;
/** Rounds are read anew at most this often: asynchronous stages close many. */
const readRoundsEveryMs = 1000;

/**
 * Shows a job's progress on stderr until it ends: a live block on a terminal, else plain lines.
 * Returns the job in its final state, or null when the signal was aborted before. Rejects with FpnasError.
 */
export async function followJob(client: FpnasClient, name: string, signal: AbortSignal): Promise<Job | null> {
  // A terminal of unknown size (0 rows) has no room to redraw in.
  const view = process.stderr.isTTY && process.stderr.rows > 0 ? new LiveView() : new LineView();
  const rounds: { entropy: number; draws: number }[] = [];
  let readMs = -Infinity;
  let since: { readonly sinceMs: number; readonly endedBefore: number } | null = null;
  let last: Job | null = null;
  try {
    for await (const job of client.watchJob(name, signal)) {
      since ??= { sinceMs: Date.now(), endedBefore: job.progress.trialsEnded };
      if (view.showsRounds && job.progress.rounds > rounds.length && Date.now() - readMs >= readRoundsEveryMs) {
        readMs = Date.now();
        await readRounds(client, name, rounds);
      }
      last = job;
      view.show({ job, rounds, ...since, nowMs: Date.now() });
    }
  } finally {
    view.close();
  }
  return last !== null && last.endTimeMs !== null ? last : null;
}

async function readRounds(
  client: FpnasClient,
  name: string,
  rounds: { entropy: number; draws: number }[],
): Promise<void> {
  rounds.length = 0;
  for await (const { entropy, draws } of client.listRounds(name)) rounds.push({ entropy, draws });
}

/** Redraws between states too, so that the time goes on. */
class LiveView {
  readonly showsRounds = true;
  readonly #log = createLogUpdate(process.stderr, { showCursor: true });
  #input: ProgressInput | null = null;
  readonly #timer = setInterval(() => this.#draw(), redrawMs);

  show(input: ProgressInput): void {
    this.#input = input;
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#log.done();
  }

  #draw(): void {
    if (this.#input !== null) this.#log(progressLines({ ...this.#input, nowMs: Date.now() }).join("\n"));
  }
}

/** A line a closed round, and one every few seconds where rounds take long. */
class LineView {
  readonly showsRounds = false;
  #shownRounds = -1;
  #shownMs = -Infinity;

  show(input: ProgressInput): void {
    const { job, nowMs } = input;
    const age = nowMs - this.#shownMs;
    const isNew = job.progress.rounds !== this.#shownRounds && age >= lineAtMostEveryMs;
    if (!isNew && age < lineEveryMs && job.endTimeMs === null) return;
    this.#shownRounds = job.progress.rounds;
    this.#shownMs = nowMs;
    printNote(progressLine(input));
  }

  close(): void {
    this.#shownMs = -Infinity;
  }
}
