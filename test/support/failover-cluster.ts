import { join } from "node:path";
import { FpnasClient } from "../../client/client.ts";
import type { Job, JobLogPart, NewJob, Trial } from "../../client/types.ts";
import { startCoordinator } from "../../coordinator/serve.ts";
import { createTabularEvaluator } from "../../worker/evaluator/tabular.ts";
import { startWorker } from "../../worker/serve.ts";
import { CliProcess } from "./cli-process.ts";
import { collect } from "./client-bench.ts";
import { silent } from "./scheduling-bench.ts";
import { withoutTimes } from "./without-times.ts";

/** What must come out of a job, whatever happens to its coordinators. */
export interface JobStory {
  readonly state: Job["state"];
  /** Without what tells of time. */
  readonly result: Record<string, unknown>;
  readonly trials: readonly Pick<Trial, "name" | "state" | "arms" | "measurement">[];
  /** Trials by their outcomes' events, in order of the trials: each must be there once. */
  readonly outcomes: readonly number[];
}

/** Tells the story of a job that has ended. */
export async function readStory(client: FpnasClient, name: string): Promise<JobStory> {
  const [job, trials] = [await client.getJob(name), await collect(client.listTrials(name))];
  return withoutTimes({
    state: job.state,
    result: { ...job.result },
    trials: trials.map(({ name: trial, state, arms, measurement }) => ({ name: trial, state, arms, measurement })),
    outcomes: (await collect(client.readJobLog(name))).flatMap(outcomesOf).sort((a, b) => a - b),
  });
}

function outcomesOf(part: JobLogPart): readonly number[] {
  if (part.type === "head") return [];
  return part.events
    .map(({ json }) => JSON.parse(json) as { readonly type: string; readonly trial: number })
    .filter(({ type }) => type === "trialCompleted" || type === "trialFailed")
    .map(({ trial }) => trial);
}

/** The story of the job where nothing happens to it: one coordinator in this process, on a store in memory, and one worker. */
export async function undisturbed(job: NewJob): Promise<JobStory> {
  const config = { listen: "127.0.0.1:0", advertise: null, health: null, leaseTtlMs: 30_000, logger: silent };
  const coordinator = await startCoordinator({ ...config, store: "memory:", weights: null });
  const { address } = coordinator;
  const identity = { workerId: "w", host: "", backend: "", logger: silent };
  const worker = startWorker({ ...identity, coordinator: address, evaluators: [createTabularEvaluator()] });
  const client = new FpnasClient(address);
  try {
    const { name } = await client.createJob(job);
    await collect(client.watchJob(name));
    return await readStory(client, name);
  } finally {
    client.close();
    await worker.stop();
    await coordinator.stop();
  }
}

/** Two `fpnas coordinator` and several worker processes on one store and one folder of shared weights, and a client of both. */
export class FailoverCluster {
  readonly leader: CliProcess;
  readonly follower: CliProcess;
  /** Of both, as `--coordinator` takes them. */
  readonly addresses: string;
  readonly client: FpnasClient;
  readonly #workers: CliProcess;

  private constructor(leader: CliProcess, follower: CliProcess, addresses: string, folder: string) {
    this.leader = leader;
    this.follower = follower;
    this.addresses = addresses;
    this.client = new FpnasClient(addresses);
    this.#workers = new CliProcess(["worker", "--coordinator", addresses, "--concurrency", "3"], folder);
  }

  static async start(store: string, folder: string): Promise<FailoverCluster> {
    const started: CliProcess[] = [];
    const addresses: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      const env = { FPNAS_STORE: store, FPNAS_WEIGHTS: join(folder, "weights") };
      const coordinator = new CliProcess(["coordinator", "--listen", "127.0.0.1:0"], folder, env);
      started.push(coordinator);
      addresses.push((await coordinator.printed(/listening on (\S+)/))[1]!);
    }
    return new FailoverCluster(started[0]!, started[1]!, addresses.join(","), folder);
  }

  /** Submits a job and has something happen once that many of its trials have ended; the job's story when it has. */
  async run(job: NewJob, after: number, happen: () => void): Promise<JobStory> {
    const { name } = await this.client.createJob(job);
    let hasHappened = false;
    for await (const { progress, endTimeMs } of this.client.watchJob(name)) {
      if (hasHappened || progress.trialsEnded < after || endTimeMs !== null) continue;
      hasHappened = true;
      happen();
    }
    if (!hasHappened) throw new Error("the job ended before anything could happen to it");
    return await readStory(this.client, name);
  }

  async close(): Promise<void> {
    this.client.close();
    const processes = [this.#workers, this.leader, this.follower];
    for (const process of processes) process.killGroup("SIGKILL");
    await Promise.all(processes.map(({ ended }) => ended));
  }
}
