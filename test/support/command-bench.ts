import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import pino from "pino";
import type { CommandEvaluation } from "../../network/evaluation.ts";
import type { Measurement } from "../../network/measurement.ts";
import type { Graph } from "../../network/types.ts";
import { createCommandEvaluator } from "../../worker/evaluator/command/command.ts";
import { contextOf } from "./training-checkpoints.ts";
import { Log } from "./worker-log.ts";

/** A network small enough to count by hand: 40 + 8 and 50 params. */
export const graph: Graph = {
  type: "graph",
  input: { height: 8, width: 8, channels: 1 },
  layers: [
    { type: "conv", outChannels: 4, kernel: 3, stride: 1, batchNorm: true, activation: "relu" },
    { type: "globalPool" },
    { type: "dense", units: 10, bias: true, activation: "none" },
  ],
};

/** A line of a worker's log. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly stream?: "stdout" | "stderr";
  readonly trial?: string;
}

/** Evaluates with programs written in JavaScript, and hears what they print. */
export class CommandBench {
  readonly log = new Log<LogLine>();
  readonly abort = new AbortController();
  readonly #files = new Map<string, Uint8Array>();
  readonly #evaluator = createCommandEvaluator(
    pino({ base: null }, { write: (line: string) => this.log.push(JSON.parse(line) as LogLine) }),
  );

  /** A file that the job brought. */
  addFile(path: string, content: string) {
    const bytes = Buffer.from(content);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    this.#files.set(sha256, bytes);
    return { path, sha256 };
  }

  /** @param script a program, which finds its task parsed in `task`. */
  evaluate(script: string, more: Partial<CommandEvaluation> = {}): Promise<Measurement> {
    const run = [
      process.execPath,
      "-e",
      `const task = JSON.parse(require("node:fs").readFileSync(0, "utf8")); ${script}`,
    ];
    return this.evaluateProgram(run, more);
  }

  evaluateProgram(run: readonly string[], more: Partial<CommandEvaluation> = {}): Promise<Measurement> {
    const evaluation = { type: "command", seed: 7, run, files: [], env: {}, part: "validation", ...more } as const;
    const fetchFile = (sha256: string) => {
      const bytes = this.#files.get(sha256);
      return bytes === undefined ? Promise.reject(new Error("no such file")) : Promise.resolve(bytes);
    };
    return this.#evaluator.evaluate(graph, evaluation, { ...contextOf(this.abort.signal), fetchFile });
  }

  /** The first line that a program has printed and that matches, as soon as it is there. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const line = await this.log.find(({ stream, msg }) => stream !== undefined && pattern.test(msg));
    return pattern.exec(line.msg)!;
  }
}

/** Whether a process runs. One that has ended but that nobody waited for (a zombie) does not. */
export function isAlive(pid: number): boolean {
  if (existsSync("/proc/self/stat")) {
    try {
      return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return false;
    }
  }
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Resolves when none of the processes runs any more. */
export async function allGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The folders of a worker's evaluations that there are now. */
export function workingFolders(worker: number): readonly string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`fpnas-trial-${worker}-`));
}

/**
 * A program that starts another, tells both process ids, and then neither ends nor listens to being told to.
 * The other one writes its id itself, once it is deaf.
 */
export const deafFamily = `
process.on("SIGTERM", () => undefined);
const deaf = 'process.on("SIGTERM", () => undefined); console.log("child " + process.pid); setInterval(() => undefined, 1e6)';
require("node:child_process").spawn(process.execPath, ["-e", deaf], { stdio: "inherit" });
console.log("parent " + process.pid);
setInterval(() => undefined, 1e6);
`;
