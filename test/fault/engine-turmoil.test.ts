import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Outcome } from "../../coordinator/scheduling/outcome.ts";
import type { LeaseKey } from "../../coordinator/scheduling/worker-session.ts";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import type { Storage } from "../../coordinator/storage/storage.ts";
import type { JobResult } from "../../spec/result.ts";
import { allTrials, leaseTtlMs, startEngine, submit } from "../support/scheduling-bench.ts";
import { FakeClock, settle } from "../support/scheduling-clock.ts";
import { faultyStorage } from "../support/faulty-storage.ts";
import { replayLog } from "../support/scheduling-replay.ts";
import { smallTable } from "../support/scheduling-table.ts";
import { FakeWorker, lookUp, measured } from "../support/scheduling-worker.ts";

/** Jobs that find the same whatever happens, and one whose updates take in what has arrived. */
const synchronous = ["one", "two", "three"];
const jobs = [...synchronous, "hasty"];
const keyOf = (job: string) => `default/${job}`;
const keys = jobs.map(keyOf);
const table = smallTable((arms) => arms[0] === 0 && arms[1] === 0);
const look = lookUp(table);
const trialsEach = 40;

/** What happens to a cluster, with the number of the worker or job it happens to, and the workers that work right after. */
const trouble = fc.record({
  type: fc.constantFrom(
    ...(["nothing", "renew", "leave", "die", "drain", "replace", "repeat", "lie"] as const),
    ...(["time", "expiry", "clockBack", "clockForward", "storeDown", "storeUnsure", "storeUp"] as const),
    ...(["pause", "resume", "restart"] as const),
  ),
  of: fc.nat({ max: jobs.length - 1 }),
  busy: fc.subarray([0, 1, 2]),
});
type Trouble = typeof trouble extends fc.Arbitrary<infer T> ? T : never;

/** What a job has found, and how each of its trials ended. */
interface Ending {
  readonly state: string | undefined;
  readonly result: JobResult;
  readonly trials: readonly (readonly [trial: number, state: string, measurement: string | null])[];
  /** Whether a trial was given up because nothing was heard of too many workers, which is as it should be and changes what is found. */
  readonly hasGivenUp: boolean;
}

/** What each commit suffers while the store is so. */
const storeFaults = { up: null, down: "failsBefore", unsure: "failsAfter" } as const;

/** Four jobs and three workers, to whom troubles happen; nothing that a worker was told is ever taken back. */
class Cluster {
  private readonly inner = createMemoryStorage();
  private readonly clock = new FakeClock();
  private readonly storage: Storage;
  private store: keyof typeof storeFaults = "up";
  private engine!: Engine;
  private workers: FakeWorker[] = [];
  private lives = 0;
  /** All that workers have reported, and who. */
  private readonly past: (readonly [LeaseKey, Outcome, FakeWorker])[] = [];

  constructor() {
    this.storage = faultyStorage(this.inner, () => storeFaults[this.store]).storage;
  }

  async start(): Promise<void> {
    this.engine = await startEngine(this.storage, this.clock);
    for (const jobId of jobs) {
      const stages = [{ name: "only", slots: "factorized", updateAfter: 2, inFlight: 7 }];
      const more = synchronous.includes(jobId) ? {} : { stages };
      await submit(this.engine, {
        jobId,
        table,
        spec: { budget: { trials: trialsEach }, seed: jobId.length, ...more },
      });
    }
    this.connectAll();
  }

  async suffer({ type, of, busy }: Trouble): Promise<void> {
    const worker = this.workers[of % 3]!;
    const key = keys[of]!;
    switch (type) {
      case "nothing":
        break;
      case "renew":
        worker.renew(...worker.leases.map((lease) => lease.key));
        break;
      case "leave":
        worker.leave();
        this.connect(of % 3);
        break;
      case "die":
        // What it held stays under lease until nobody has renewed it for long enough.
        worker.leave();
        this.lives += 1;
        this.workers[of % 3] = new FakeWorker(this.engine, `w${of % 3}-${this.lives}`);
        break;
      case "drain":
        worker.drain();
        await settle();
        worker.leave();
        this.connect(of % 3);
        break;
      case "replace":
        this.connect(of % 3);
        break;
      case "repeat":
        for (const [lease, outcome] of this.past.slice(-9)) worker.report(lease, outcome);
        break;
      case "lie":
        // Of leases whose outcome was answered: whatever is said of them afterwards has no effect.
        for (const [lease, , by] of this.past) if (by.verdictOf(lease) !== undefined) worker.report(lease, measured(1));
        break;
      case "time":
        this.clock.advance(leaseTtlMs / 3);
        break;
      case "expiry":
        this.clock.advance(2 * leaseTtlMs);
        break;
      case "clockBack":
        this.clock.set(-3_600_000);
        break;
      case "clockForward":
        this.clock.set(3_600_000);
        break;
      case "storeDown":
        this.store = "down";
        break;
      case "storeUnsure":
        this.store = "unsure";
        break;
      case "storeUp":
        await this.heal();
        break;
      case "pause":
      case "resume":
        await this.heal();
        await this.engine.controlJob(type, key, "").catch(() => undefined);
        break;
      case "restart":
        await this.engine.stop();
        await this.heal();
        this.engine = await startEngine(this.storage, this.clock);
        this.connectAll();
    }
    for (const index of busy) this.work(this.workers[index]!);
    await settle();
  }

  /** Lets everything come to its end, without further trouble. */
  async end(): Promise<void> {
    await this.heal();
    for (const key of keys) await this.engine.controlJob("resume", key, "").catch(() => undefined);
    for (let turn = 0; turn < 300; turn += 1) {
      for (const worker of this.workers) this.work(worker);
      this.clock.advance(leaseTtlMs / 2);
      await settle();
      const records = await Promise.all(keys.map((key) => this.inner.getJob(key)));
      if (records.every((record) => record?.endTimeMs !== null)) break;
    }
    await this.engine.stop();
  }

  /** What must hold of the job whose result depends on what arrived when. */
  async checkHasty(): Promise<void> {
    const key = keyOf("hasty");
    expect(await this.inner.getJob(key)).toMatchObject({ state: "succeeded" });
    const trials = await allTrials(this.inner, key);
    const { round } = JSON.parse((await this.inner.readSnapshot(key))!.json) as { round: unknown };
    expect(round).toBeNull();
    expect(trials.length).toBeLessThanOrEqual(trialsEach);
    expect(new Set(trials.map(({ networkHash }) => networkHash)).size).toBe(trials.length);
    for (const { state } of trials) expect(["completed", "infeasible", "failed"]).toContain(state);
    const { stored, replayed } = await replayLog(this.inner, key);
    expect(replayed).toBe(stored);
  }

  observe(): Promise<readonly Ending[]> {
    return Promise.all(
      synchronous.map(keyOf).map(async (key) => {
        const record = await this.inner.getJob(key);
        const result = JSON.parse(record?.resultJson ?? "{}") as JobResult;
        const trials = await allTrials(this.inner, key);
        return {
          state: record?.state,
          result: { ...result, wallSeconds: 0, workerBusyFraction: 0 },
          trials: trials.map(({ trial, state, measurementJson }) => [trial, state, measurementJson] as const),
          hasGivenUp: trials.some(({ state }) => state === "failed"),
        };
      }),
    );
  }

  private async heal(): Promise<void> {
    this.store = "up";
    // As long as the longest wait for the store, and no lease.
    this.clock.advance(5_000);
    await settle();
  }

  /** Reports all that the worker holds, and asks for more. */
  private work(worker: FakeWorker): void {
    worker.want(2);
    for (const lease of worker.leases.splice(0)) {
      const outcome = look(lease);
      this.past.push([lease.key, outcome, worker]);
      worker.report(lease.key, outcome);
    }
  }

  private connect(of: number): void {
    this.workers[of] = new FakeWorker(this.engine, `w${of}`);
  }

  private connectAll(): void {
    this.workers = [];
    for (let of = 0; of < 3; of += 1) this.connect(of);
  }
}

async function endingAfter(troubles: readonly Trouble[]): Promise<readonly Ending[]> {
  const cluster = new Cluster();
  await cluster.start();
  for (const next of troubles) await cluster.suffer(next);
  await cluster.end();
  await cluster.checkHasty();
  return await cluster.observe();
}

test("three jobs find what undisturbed ones find, and a fourth with asynchronous rounds comes to its end, whatever happens to their workers, clock and store", async () => {
  const undisturbed = await endingAfter([]);
  expect(undisturbed).toMatchObject(synchronous.map(() => ({ state: "succeeded" })));
  await fc.assert(
    fc.asyncProperty(fc.array(trouble, { minLength: 10, maxLength: 60 }), async (troubles) => {
      const ending = await endingAfter(troubles);
      fc.pre(!ending.some(({ hasGivenUp }) => hasGivenUp));
      expect(ending).toEqual(undisturbed);
    }),
    { numRuns: 40 },
  );
});
