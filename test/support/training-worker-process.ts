import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Log } from "./worker-log.ts";

const program = fileURLToPath(new URL("../../dist/test/support/training-worker.js", import.meta.url));

/** A line of a worker's log. */
export interface LogLine {
  readonly msg: string;
  readonly step?: number;
  readonly verdict?: string;
}

/** The program training-worker.ts at work. */
export class TrainingWorker {
  readonly lines = new Log<LogLine>();
  /** Resolves with code and signal. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
  readonly #child: ChildProcessByStdio<null, Readable, null>;

  constructor(coordinator: string, workerId: string) {
    this.#child = spawn(process.execPath, [program, coordinator, workerId], { stdio: ["ignore", "pipe", "inherit"] });
    this.ended = once(this.#child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.lines.push(JSON.parse(line) as LogLine));
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The steps of the checkpoints that were stored, in order. */
  get storedSteps(): readonly number[] {
    return this.lines.items.flatMap(({ msg, verdict, step }) =>
      msg === "checkpoint sent" && verdict === "stored" && step !== undefined ? [step] : [],
    );
  }

  /** The step of the checkpoint that it went on from; null where it began anew. */
  get resumedStep(): number | null {
    return this.lines.items.find(({ msg }) => msg === "going on from a checkpoint")?.step ?? null;
  }
}
