import { status } from "@grpc/grpc-js";
import type { Engine } from "../../../coordinator/scheduling/engine.ts";
import type { JobRecord } from "../../../coordinator/storage/storage.ts";
import { statusOf } from "../../../worker/client/status.ts";
import type { Dice } from "../world/dice.ts";
import { SimProcess } from "../world/process.ts";
import type { World } from "../world/world.ts";
import { space, spaceSha256, table, tableSha256, type WantedJob } from "./jobs.ts";
import type { Network } from "./network.ts";
import type { Troubles } from "./troubles.ts";

const machine = "researcher";
const callTimeoutMs = 10_000;
const actions = ["pause", "resume", "pause", "resume", "cancel"] as const;

/** Is told how requests are answered, by whoever answers them. */
export interface RequestWatcher {
  answered(requestId: string, record: JobRecord): void;
  refused(requestId: string, error: unknown): void;
}

/** Submits jobs, and pauses, resumes and cancels them. Whatever is not answered is asked again under its request id. */
export class Researcher {
  /** Jobs that could be created, by their key. */
  readonly jobs: string[] = [];
  /** Jobs whose creation is not answered yet. */
  waiting = 0;
  private readonly process: SimProcess;
  private readonly world: World;
  private readonly network: Network;
  private readonly troubles: Troubles;
  private readonly watcher: RequestWatcher;
  private readonly dice: Dice;
  private requests = 0;

  constructor(world: World, network: Network, troubles: Troubles, watcher: RequestWatcher) {
    this.process = new SimProcess(world, machine);
    this.world = world;
    this.network = network;
    this.troubles = troubles;
    this.watcher = watcher;
    this.dice = world.dice(machine);
  }

  /** Sees to it that the job is created, some time. */
  submit({ jobId, spec, files }: WantedJob): void {
    this.waiting += 1;
    const requestId = this.nextRequest();
    const job = { project: "default", jobId, spec, files, requestId, validateOnly: false };
    const create = async (): Promise<void> => {
      await this.insist("upload", async (engine) => {
        await engine.putFile(tableSha256, table);
        await engine.putFile(spaceSha256, space);
      });
      const record = await this.mutate(requestId, "create", async (engine) => (await engine.createJob(job)).record);
      if (record === null) this.world.violate(`request ${requestId}, which creates a job, was refused`);
      else this.jobs.push(record.key);
      this.waiting -= 1;
    };
    void create();
  }

  /** Does something to some job. */
  interfere(): void {
    if (this.jobs.length === 0) return;
    const key = this.dice.pick(this.jobs);
    const action = this.dice.pick(actions);
    if (action !== "cancel" || this.dice.chance(0.3)) this.control(action, key);
  }

  /** Sees to it that no job stays paused. */
  resumeAll(): void {
    const look = async (key: string): Promise<void> => {
      const { record } = await this.insist("get", (engine) => engine.getJob(key));
      if (record.state === "paused") this.control("resume", key);
    };
    for (const key of this.jobs) void look(key);
  }

  private control(action: "pause" | "resume" | "cancel", key: string): void {
    const requestId = this.nextRequest();
    const run = async (engine: Engine): Promise<JobRecord> => (await engine.controlJob(action, key, requestId)).record;
    void this.mutate(requestId, `${action} ${key}`, run);
  }

  /** Asks until there is an answer, and sometimes again; null where it is a refusal. */
  private async mutate(
    requestId: string,
    what: string,
    run: (engine: Engine) => Promise<JobRecord>,
  ): Promise<JobRecord | null> {
    const serve = async (engine: Engine): Promise<JobRecord> => {
      const { process } = this.network.host;
      try {
        const record = await run(engine);
        this.watcher.answered(requestId, record);
        return record;
      } catch (error) {
        // One that was replaced meanwhile cannot know what its successor has answered.
        if (process === this.network.host.process) this.watcher.refused(requestId, error);
        throw error;
      }
    };
    const again = (meanMs: number): void => {
      if (!this.troubles.has("repeatedRequests") || !this.dice.chance(0.5)) return;
      this.process.after(this.dice.wait(meanMs), () => {
        this.network.call(this.process, machine, callTimeoutMs, serve).catch(() => undefined);
      });
    };
    again(20);
    try {
      const record = await this.insist(`${requestId} ${what}`, serve);
      this.world.note(machine, `${requestId} ${what}: ${record.state}`);
      again(20_000);
      return record;
    } catch (error) {
      this.world.note(machine, `${requestId} ${what}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  private async insist<T>(what: string, serve: (engine: Engine) => Promise<T>): Promise<T> {
    for (;;) {
      this.world.note(machine, `asks: ${what}`);
      try {
        return await this.network.call(this.process, machine, callTimeoutMs, serve);
      } catch (error) {
        if (statusOf(error) !== status.UNAVAILABLE) throw error;
      }
      await new Promise<void>((resolve) => this.process.after(this.dice.wait(1_500), resolve));
    }
  }

  private nextRequest(): string {
    this.requests += 1;
    return `request-${this.requests}`;
  }
}
