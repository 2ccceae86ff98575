import { afterAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import type {
  JobCommit,
  Storage,
  StorageError,
  TrialRecord,
  TrialState,
  TrialUpdate,
} from "../../coordinator/storage/storage.ts";
import { leadStore } from "../support/leading.ts";
import { jobRecord, requestRecord, trialRecord, trialUpdate } from "../support/storage-rows.ts";
import { storageKinds } from "../support/storages.ts";

const jobs = ["p/a", "p/b", "q/a"] as const;
const hashes = ["h0", "h1", "h2", "h3"] as const;
const text = fc.oneof(fc.string({ unit: "binary", maxLength: 6 }), fc.constant("\u0000"), fc.constant("''"));
const count = fc.oneof(fc.nat(9), fc.maxSafeNat());

const trial = fc.record<Partial<TrialRecord> & { readonly trial: number }>({
  trial: fc.integer({ min: 1, max: 6 }),
  role: fc.constantFrom("search", "final"),
  state: fc.constantFrom<TrialState>("pending", "leased", "completed", "failed", "infeasible", "cancelled"),
  networkHash: fc.constantFrom(...hashes),
  networkJson: text,
  macs: fc.option(count),
  busyMs: count,
  workerId: fc.option(text),
  failureDetail: fc.option(text),
});

const update = fc.record<Partial<TrialUpdate> & { readonly trial: number }>({
  trial: fc.integer({ min: 1, max: 6 }),
  state: fc.constantFrom<TrialState>("pending", "leased", "completed", "failed"),
  leaseToken: count,
  measurementJson: fc.option(text),
});

/** What one job of a commit does; `lag` other than 0 makes it stale. */
const share = fc.record({
  job: fc.constantFrom(...jobs),
  lag: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-1, 1) }),
  events: fc.array(text, { maxLength: 3 }),
  newTrials: fc.array(trial, { maxLength: 3 }),
  updates: fc.array(update, { maxLength: 2 }),
  rounds: fc.array(fc.nat(3), { maxLength: 2 }),
  snapshotJson: fc.option(text),
  record: fc.option(fc.record({ createTimeMs: fc.nat(3), progressJson: text, specJson: text, error: fc.option(text) })),
});

const call = fc.record({
  shares: fc.array(share, { maxLength: 3 }),
  requestId: fc.option(fc.constantFrom("r0", "r1", "r2"), { freq: 2 }),
});

type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

describe("every store", () => {
  afterAll(() => Promise.all(storageKinds.map((kind) => kind.stop())));

  test.each(storageKinds.filter(({ name }) => name !== "memory"))(
    "$name answers any run of commits as the memory reference does",
    async (kind) => {
      await fc.assert(
        fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 12 }), async (calls) => {
          const reference = createMemoryStorage();
          const database = await kind.create();
          const store = await leadStore(await database.open());
          try {
            expect(await play(store, calls)).toEqual(await play(reference, calls));
            expect(await readAll(store)).toEqual(await readAll(reference));
          } finally {
            await store.close();
            await database.remove();
          }
        }),
        { numRuns: 60 },
      );
    },
  );
});

/** Makes the calls all at once, so that a store may group them; gives what became of each. */
async function play(storage: Storage, calls: readonly Call[]): Promise<readonly string[]> {
  const lastSeqs = new Map<string, number>();
  const answers = calls.map(({ shares, requestId }) => {
    const commits = shares.map(({ job, lag, events, newTrials, updates, rounds, snapshotJson, record }): JobCommit => {
      const expectedSeq = (lastSeqs.get(job) ?? 0) + lag;
      lastSeqs.set(job, Math.max(0, expectedSeq) + events.length);
      return {
        job,
        expectedSeq,
        events,
        newTrials: newTrials.map((changes) => trialRecord(job, changes.trial, changes)),
        trials: updates.map((changes) => trialUpdate(job, changes.trial, changes)),
        rounds: rounds.map((round) => ({ job, round, summaryJson: `${round}` })),
        keptFiles: [],
        snapshotJson,
        record: record && jobRecord(job, record),
      };
    });
    return storage.commit(commits, requestId === null ? null : requestRecord(requestId)).then(
      () => "kept",
      (error: unknown) => (error as StorageError).code,
    );
  });
  return Promise.all(answers);
}

async function readAll(storage: Storage): Promise<unknown> {
  const page = { size: 3, after: null };
  const ofJobs = jobs.map(async (job) => ({
    record: await storage.getJob(job),
    events: await storage.readEvents(job, 1),
    snapshot: await storage.readSnapshot(job),
    trials: await storage.listTrials(job, page),
    open: await storage.openTrials(job),
    found: await storage.findTrials(job, hashes.slice(1)),
    rounds: await storage.listRounds(job, page),
  }));
  return {
    jobs: await Promise.all(ofJobs),
    open: await storage.openJobs(),
    listed: await storage.listJobs("p", { size: 1, after: null }),
    requests: await Promise.all(["r0", "r1", "r2"].map((id) => storage.findRequest(id))),
  };
}
