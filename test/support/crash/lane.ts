import { FpnasClient } from "../../../client/client.ts";
import { CoordinatorProcess } from "./coordinator-process.ts";
import { readEnding, type Ending } from "./ending.ts";
import { crashJob } from "./job.ts";
import { persist, watchToEnd } from "./persist.ts";

/** A moment in the life of a job: just before or just after its commit of this number, from 1, is durable. */
export interface CrashPoint {
  readonly commit: number;
  readonly when: "before" | "after";
}

/** What came of a job whose coordinator was to be killed. */
export interface CrashRun {
  readonly ending: Ending;
  /** Whether the job came to the point, and its coordinator was killed there. */
  readonly wasKilled: boolean;
  /** Commits of the job that its first coordinator began, the last one included. */
  readonly commits: number;
}

/**
 * A store with a coordinator at one address, started again whenever it is killed: a life begins with the rest of one job, and ends in
 * the midst of the next.
 */
export class CrashLane {
  private readonly url: string;
  private readonly name: string;
  private coordinator: CoordinatorProcess;
  private address = "";
  private client: FpnasClient | null = null;
  private jobs = 0;
  private kills = 0;
  private isClosing = false;
  private failure: Error | null = null;

  /** @param name begins the ids of its jobs */
  constructor(url: string, name: string) {
    this.url = url;
    this.name = name;
    this.coordinator = this.open("127.0.0.1:0");
  }

  /** Resolves with the address of the coordinator, which stays the same. */
  async start(): Promise<string> {
    this.address = await this.coordinator.listening;
    this.client = new FpnasClient(this.address);
    return this.address;
  }

  /** Runs the job to its end; without a point nobody is killed. Rejects where a coordinator ends in another way. */
  async run(point: CrashPoint | null): Promise<CrashRun> {
    this.jobs += 1;
    const jobId = `${this.name}-${this.jobs}`;
    const key = `default/${jobId}`;
    const first = this.coordinator;
    await first.listening;
    if (point !== null) await first.arm(key, point);
    const killsBefore = this.kills;
    const { name } = await this.persist((client) => client.createJob({ ...crashJob, jobId, requestId: jobId }));
    const job = await this.persist((client) => watchToEnd(client, name));
    const ending = await this.persist((client) => readEnding(client, job));
    return { ending, wasKilled: this.kills > killsBefore, commits: first.commitsOf(key) };
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.client?.close();
    await this.coordinator.stop();
  }

  private open(listen: string): CoordinatorProcess {
    const coordinator = new CoordinatorProcess(this.url, listen);
    void coordinator.ended.then((end) => {
      if (this.isClosing) return;
      if (end === "SIGKILL") {
        this.kills += 1;
        this.coordinator = this.open(this.address);
      } else {
        this.failure = new Error(`a coordinator of ${this.name} ended with ${end}`);
      }
    });
    return coordinator;
  }

  /** As `persist`, until a coordinator has ended in another way. */
  private async persist<T>(ask: (client: FpnasClient) => Promise<T>): Promise<T> {
    return await persist(() => {
      if (this.failure !== null) throw this.failure;
      if (this.client === null) throw new Error("the lane was not started");
      return ask(this.client);
    });
  }
}
