import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import type { JobResult } from "../../spec/result.ts";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import type { JobRecord, Storage, TrialRecord } from "../../coordinator/storage/storage.ts";
import { allTrials, leaseTtlMs, startEngine, submit } from "../support/scheduling-bench.ts";
import { FakeClock } from "../support/scheduling-clock.ts";
import {
  faultAt,
  faultyStorage,
  noFaults,
  passingFaults,
  seededFaults,
  type Fault,
} from "../support/faulty-storage.ts";
import { replayLog } from "../support/scheduling-replay.ts";
import { sha256, smallTable, tabularSpec } from "../support/scheduling-table.ts";
import { FakeWorker, lookUp } from "../support/scheduling-worker.ts";

const key = "default/first";
// One combination of nine is not listed: some trials end infeasible.
const table = smallTable((arms) => arms[0] === 0 && arms[1] === 0);
const spec = { budget: { trials: 16 } };
/** The same job with rounds that do not wait: what it finds depends on what arrived when. */
const hasty = { ...spec, stages: [{ name: "only", slots: "factorized", updateAfter: 2, inFlight: 5 }] };

/** Everything that must not depend on what happened on the way. */
interface Ending {
  readonly result: JobResult;
  readonly trials: readonly unknown[];
  readonly events: number;
}

/** Lets two workers work until the job has ended or the engine is dead; whether the job has ended. */
async function work(engine: Engine, clock: FakeClock, isDead: () => boolean, ended: () => boolean): Promise<boolean> {
  for (const name of ["a", "b"]) new FakeWorker(engine, name, lookUp(table)).want(2);
  for (let turn = 0; turn < 20_000; turn += 1) {
    if (ended()) return true;
    if (isDead()) return false;
    await new Promise((resolve) => setImmediate(resolve));
    // Time goes by, so that back-offs end and leases that nobody was told of expire.
    if (turn % 20 === 19) clock.advance(leaseTtlMs / 4);
  }
  throw new Error("the job never ended");
}

async function observe(storage: Storage): Promise<Ending> {
  const record = (await storage.getJob(key)) as JobRecord;
  expect(record.state).toBe("succeeded");
  const result = { ...(JSON.parse(record.resultJson ?? "") as JobResult), wallSeconds: 0, workerBusyFraction: 0 };
  const outcome = ({ trial, state, armsJson, measurementJson, networkHash, reusedFrom }: TrialRecord): unknown => [
    ...[trial, state, armsJson, measurementJson, networkHash, reusedFrom],
  ];
  const trials = (await allTrials(storage, key)).map(outcome);
  return { result, trials, events: (await storage.readEvents(key, 0)).length };
}

/** Watches the record in the inner store, as nobody else would. */
function watchEnd(storage: Storage, job = key): () => boolean {
  let ended = false;
  const look = async (): Promise<void> => {
    const record = await storage.getJob(job);
    ended = record !== null && record.endTimeMs !== null;
  };
  return () => {
    void look();
    return ended;
  };
}

async function undisturbed(
  wanted: object,
  inner = createMemoryStorage(),
): Promise<{ ending: Ending; commits: number }> {
  const { storage, commits } = faultyStorage(inner, noFaults);
  const clock = new FakeClock();
  const engine = await startEngine(storage, clock);
  await submit(engine, { spec: { ...wanted }, table });
  await work(engine, clock, () => false, watchEnd(inner));
  await engine.stop();
  return { ending: await observe(inner), commits: commits() };
}

/** Submits, and submits again to the next engine where the first died on it: the request id makes it one job. */
async function submitSafely(engine: Engine, clock: FakeClock, isDead: () => boolean, wanted: object): Promise<void> {
  const progress = { answered: false };
  const request = {
    project: "default",
    jobId: "first",
    spec: tabularSpec({ ...wanted }),
    files: new Map([["small.json", sha256(table)]]),
    requestId: "once",
    validateOnly: false,
  };
  void engine.createJob(request).then(() => (progress.answered = true));
  while (!progress.answered && !isDead()) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(100);
  }
}

async function disturbed(
  number: number,
  fault: Fault,
  wanted: object,
  inner = createMemoryStorage(),
): Promise<[Storage, happened: boolean]> {
  await inner.putFile(sha256(table), table);
  const clock = new FakeClock();
  const ended = watchEnd(inner);
  const first = faultyStorage(inner, faultAt(number, fault));
  const engine = await startEngine(first.storage, clock);
  await submitSafely(engine, clock, first.isDead, wanted);
  if (first.isDead() || !(await work(engine, clock, first.isDead, ended))) {
    // The first engine is left as a killed process leaves things: nothing is closed.
    const next = await startEngine(inner, clock);
    await submitSafely(next, clock, () => false, wanted);
    await work(next, clock, () => false, ended);
    await next.stop();
  } else {
    await engine.stop();
  }
  return [inner, first.commits() >= number];
}

describe("a job whose coordinator has trouble with one commit", () => {
  let expected: Ending;
  let commits: number;

  beforeAll(async () => {
    ({ ending: expected, commits } = await undisturbed(spec));
  });

  test.each<Fault>(["diesBefore", "diesAfter", ...passingFaults])(
    "ends bit for bit as an undisturbed one, whichever commit it is: %s",
    async (fault) => {
      expect(commits).toBeGreaterThan(10);
      let faults = 0;
      for (let number = 1; number <= commits; number += 1) {
        const [storage, happened] = await disturbed(number, fault, spec);
        if (happened) faults += 1;
        const ending = await observe(storage);
        expect({ number, ...ending.result }).toEqual({ number, ...expected.result });
        expect(JSON.stringify(ending.result.distribution)).toBe(JSON.stringify(expected.result.distribution));
        expect(ending.trials).toEqual(expected.trials);
        // Every outcome had its effect once: one event each, besides the lookups and the start.
        expect(ending.events).toBe(expected.events);
      }
      expect(faults).toBeGreaterThan(10);
    },
  );

  test("ends so even where coordinators die again and again, each after a few commits", async () => {
    for (const stride of [2, 3, 5]) {
      const inner = createMemoryStorage();
      await inner.putFile(sha256(table), table);
      const clock = new FakeClock();
      const ended = watchEnd(inner);
      let lives = 0;
      for (let over = false; !over; lives += 1) {
        const fault = faultAt(stride + (lives % 2), lives % 3 === 0 ? "diesAfter" : "diesBefore");
        const life = faultyStorage(inner, fault);
        const engine = await startEngine(life.storage, clock);
        await submitSafely(engine, clock, life.isDead, spec);
        over = !life.isDead() && (await work(engine, clock, life.isDead, ended));
        over ||= (await inner.getJob(key))?.endTimeMs != null;
      }
      expect(lives).toBeGreaterThan(4);
      expect(await observe(inner)).toEqual(expected);
    }
  });
});

describe("a job whose commits suffer faults by a schedule", () => {
  test("ends bit for bit as an undisturbed one, under 30 seeds, with up to half of the commits in trouble and coordinators that die", async () => {
    const { ending: expected } = await undisturbed(spec);
    let lives = 0;
    for (let seed = 1; seed <= 30; seed += 1) {
      const inner = createMemoryStorage();
      await inner.putFile(sha256(table), table);
      const clock = new FakeClock();
      const ended = watchEnd(inner);
      for (let life = 0; (await inner.getJob(key))?.endTimeMs == null; life += 1) {
        const schedule = seededFaults(100 * seed + life, seed / 60, [...passingFaults, "diesBefore", "diesAfter"]);
        const { storage, isDead } = faultyStorage(inner, schedule);
        const engine = await startEngine(storage, clock);
        await submitSafely(engine, clock, isDead, spec);
        if (!isDead() && (await work(engine, clock, isDead, ended))) await engine.stop();
        lives += 1;
      }
      expect({ seed, ending: await observe(inner) }).toEqual({ seed, ending: expected });
    }
    expect(lives).toBeGreaterThan(60);
  });
});

describe("a job with asynchronous rounds whose coordinator has trouble with one commit", () => {
  test.each<Fault>(["diesBefore", "diesAfter", ...passingFaults])(
    "comes to its end, and its log replayed to the same state, whichever commit it is: %s",
    async (fault) => {
      const { commits } = await undisturbed(hasty);
      expect(commits).toBeGreaterThan(10);
      for (let number = 1; number <= commits; number += 1) {
        const [storage] = await disturbed(number, fault, hasty);
        const { result, trials } = await observe(storage);
        expect({ number, ...result }).toMatchObject({ number, trials: 16, uniqueNetworks: 16 });
        expect(trials).toHaveLength(16);
        const { stored, replayed } = await replayLog(storage, key);
        expect(replayed).toBe(stored);
      }
    },
  );
});

describe("a job that reuses an earlier one's results, whose coordinator has trouble with one commit", () => {
  const later = { budget: { trials: 8 }, seed: 8, reuse: ["earlier"] };

  /** A store with a job that has ended. */
  async function storeWithEarlier(): Promise<Storage> {
    const storage = createMemoryStorage();
    const clock = new FakeClock();
    const engine = await startEngine(storage, clock);
    await submit(engine, { jobId: "earlier", spec: { budget: { trials: 30 } }, table });
    await work(engine, clock, () => false, watchEnd(storage, "default/earlier"));
    await engine.stop();
    return storage;
  }

  test.each<Fault>(["diesBefore", "diesAfter", ...passingFaults])(
    "takes over the same trials, once each, whichever commit it is: %s",
    async (fault) => {
      const { ending: expected, commits } = await undisturbed(later, await storeWithEarlier());
      expect(expected.result).toMatchObject({ trials: 8, reused: expect.any(Number) });
      expect(expected.result.reused).toBeGreaterThan(3);
      for (let number = 1; number <= commits; number += 1) {
        const [storage] = await disturbed(number, fault, later, await storeWithEarlier());
        expect({ number, ending: await observe(storage) }).toEqual({ number, ending: expected });
        const { stored, replayed } = await replayLog(storage, key);
        expect(replayed).toBe(stored);
      }
    },
  );
});
