import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

import { deferred } from "../../../coordinator/storage/deferred.ts";
import { builtProgram } from "../built-program.ts";
import type { CrashPoint } from "./lane.ts";

const program = builtProgram("test/support/crash/coordinator.ts");

/** One life of a coordinator that may be armed to kill itself: coordinator.ts. */
export class CoordinatorProcess {
  /** Resolves with HOST:PORT once it serves; never where it ends before. */
  readonly listening: Promise<string>;
  /** Resolves with the signal that ended it, or with its exit code. */
  readonly ended: Promise<NodeJS.Signals | number>;
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly commits = new Map<string, number>();
  private armed = deferred<undefined>();

  constructor(url: string, listen: string) {
    this.child = spawn(process.execPath, [program, url, listen], { stdio: ["pipe", "pipe", "inherit"] });
    // A line may be on its way when it is killed.
    this.child.stdin.on("error", () => undefined);
    const listening = deferred<string>();
    this.listening = listening.promise;
    this.ended = once(this.child, "close").then(([code, signal]) => (signal ?? code) as NodeJS.Signals | number);
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      const [word, second = "", third = ""] = line.split(" ");
      if (word === "listening") listening.resolve(third);
      if (word === "armed") this.armed.resolve(undefined);
      if (word === "commit") this.commits.set(second, Number(third));
    });
  }

  /** Has the process killed at this point of a job that does not exist yet. */
  async arm(job: string, { commit, when }: CrashPoint): Promise<void> {
    this.armed = deferred();
    this.child.stdin.write(`${job} ${commit} ${when}\n`);
    await this.armed.promise;
  }

  /** How many commits of the job it began. */
  commitsOf(job: string): number {
    return this.commits.get(job) ?? 0;
  }

  async stop(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
  }
}
