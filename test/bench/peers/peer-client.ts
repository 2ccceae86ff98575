import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";
import { arms, choices } from "../orchestration/bench-job.ts";
import type { Peer } from "./peer.ts";

/** One process that asks a peer for trials and tells their results, one after the other. */
export class PeerClient {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(python: string, peer: Peer, address: string, client: number, seconds: number) {
    const args = [peer.client, address, client, choices, arms, seconds].map(String);
    this.#child = spawn(python, args, { stdio: ["pipe", "pipe", "ignore"] });
    this.#lines = linesOf(this.#child)[Symbol.asyncIterator]();
  }

  /** Until its first trials have ended. Rejects where it dies. */
  async ready(): Promise<void> {
    if ((await this.#line()) !== "ready") throw new Error("a client says that it is ready first");
  }

  /** Lets it go, and resolves with its trials a second. */
  async run(): Promise<number> {
    this.#child.stdin?.write("\n");
    const [trials = NaN, seconds = NaN] = (await this.#line()).split(" ").map(Number);
    return trials / seconds;
  }

  /** Kills it and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }

  async #line(): Promise<string> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error("a client of the peer has died");
    return line.value;
  }
}

function linesOf({ stdout }: ChildProcess): Interface {
  if (stdout === null) throw new Error("the process has no stdout");
  return createInterface({ input: stdout });
}
