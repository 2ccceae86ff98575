import { spawn, type ChildProcess } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { packageFile } from "../../package-file.ts";
import type { Peer, Suggestion } from "./peer.ts";

/** What Optuna is to search. */
export interface OptunaSearch {
  /** Number of arms of each choice. */
  readonly sizes: readonly number[];
  readonly multivariate: boolean;
  /** Whether suggestions are asked for while others are being evaluated. */
  readonly parallel: boolean;
}

/** Optuna's TPE in a Python process. One request at a time; after `stop`, or its death, all are rejected. */
export class OptunaPeer implements Peer {
  readonly #search: OptunaSearch;
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  #errors = "";
  #waiting: { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void } | null = null;
  #failure: Error | null = null;

  /** @param python an interpreter that has Optuna. */
  constructor(python: string, search: OptunaSearch) {
    this.#search = search;
    // In a group of its own: an interrupt from the terminal is this process's to handle.
    this.#child = spawn(python, [packageFile("cli", "bench", "peers", "optuna_tpe.py")], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#errors += text));
    // A pipe that breaks is told by the process's end.
    this.#child.stdin?.on("error", () => undefined);
    this.#child.on("error", (error) => this.#fail(error));
    this.#child.on("close", () => this.#fail(new Error(`Optuna has ended: ${lastLine(this.#errors)}`)));
    if (this.#child.stdout === null) throw new Error("Python has no stdout.");
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#lines.on("line", (line) => {
      this.#waiting?.resolve(line);
      this.#waiting = null;
    });
  }

  start(seed: number): void {
    this.#send({ start: { seed, ...this.#search } });
  }

  async ask(): Promise<Suggestion> {
    const line = await new Promise<string>((resolve, reject) => {
      if (this.#failure !== null) {
        reject(this.#failure);
        return;
      }
      this.#waiting = { resolve, reject };
      this.#send({ ask: true });
    });
    return JSON.parse(line) as Suggestion;
  }

  tell(trial: number, value: number | null): void {
    this.#send({ tell: trial, value });
  }

  stop(): void {
    this.#fail(new Error("The benchmark was stopped."));
    this.#child.kill("SIGKILL");
  }

  #send(message: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(this.#failure);
    this.#waiting = null;
  }
}

/** What a program said last, which is what went wrong. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
