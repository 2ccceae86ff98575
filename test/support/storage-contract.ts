import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import type { Paged, Storage } from "../../coordinator/storage/storage.ts";
import { readWhole } from "../../coordinator/storage/stored-file.ts";
import { leadStore } from "./leading.ts";
import { describeStorageFiles } from "./storage-files-contract.ts";
import { jobCommit, jobRecord, newJobCommit, requestRecord, trialRecord, trialUpdate } from "./storage-rows.ts";
import type { StorageKind, TestDatabase } from "./storages.ts";

/** What every store promises: one test, or more, for each sentence of the port's comments. */
export function describeStorage(kind: StorageKind): void {
  describe(`storage ${kind.name}`, () => {
    let database: TestDatabase;
    let storage: Storage;

    beforeEach(async () => {
      database = await kind.create();
      storage = await leadStore(await database.open());
    });

    afterEach(async () => {
      await storage.close();
      await database.remove();
    });

    afterAll(() => kind.stop());

    const readFile = async (sha256: string) => await readWhole(await storage.getFile(sha256));

    describe("commit", () => {
      test("keeps every part of a job's share, and reads give it back", async () => {
        const record = jobRecord("p/a", { error: "Zürich \u0000 🧪", resultJson: "{}", endTimeMs: 2 ** 52 });
        const trial = trialRecord("p/a", 1, { macs: 2 ** 53 - 1, params: null, failureDetail: "line\nline" });
        const round = { job: "p/a", round: 0, summaryJson: '{"k":8}' };
        const changes = { record, events: ["{1}", "{2}"], newTrials: [trial], rounds: [round], snapshotJson: "{s}" };
        await storage.commit([jobCommit("p/a", 0, changes)], requestRecord("r1"));

        expect(await storage.getJob("p/a")).toEqual(record);
        expect(await storage.getTrial("p/a", 1)).toEqual(trial);
        expect((await storage.listRounds("p/a", { size: 9, after: null })).items).toEqual([round]);
        expect(await storage.readSnapshot("p/a")).toEqual({ seq: 2, json: "{s}" });
        expect(await storage.readEvents("p/a", 0)).toEqual([
          [1, "{1}"],
          [2, "{2}"],
        ]);
        expect(await storage.findRequest("r1")).toEqual(requestRecord("r1"));
      });

      test("replaces rows as a whole, and leaves what a later commit does not name", async () => {
        const round = { job: "p/a", round: 3, summaryJson: "{}" };
        const reused = { state: "completed", reusedFrom: "projects/p/jobs/z/trials/3" } as const;
        const trials = [trialRecord("p/a", 1, { workerId: "w", leaseToken: 4 }), trialRecord("p/a", 2, reused)];
        await storage.commit(
          [newJobCommit("p/a", { newTrials: trials, rounds: [round], snapshotJson: "{old}" })],
          null,
        );

        const record = jobRecord("p/a", { state: "failed", specJson: "{new}", filesJson: "{f}", error: "why" });
        const trial = trialRecord("p/a", 1, { state: "completed", networkJson: "{other}", networkHash: "other" });
        const rounds = [{ ...round, summaryJson: "{late}" }];
        await storage.commit(
          [jobCommit("p/a", 1, { record, newTrials: [trial], rounds, snapshotJson: "{new}" })],
          null,
        );
        await storage.commit([jobCommit("p/a", 1, { events: ["{2}"] })], null);

        expect(await storage.getJob("p/a")).toEqual(record);
        expect(await storage.getTrial("p/a", 1)).toEqual(trial);
        expect(await storage.getTrial("p/a", 2)).toEqual(trials[1]);
        expect(await storage.findTrials("p/a", ["hash-1", "other"])).toEqual([trial]);
        expect((await storage.listRounds("p/a", { size: 9, after: null })).items).toEqual(rounds);
        expect(await storage.readSnapshot("p/a")).toEqual({ seq: 1, json: "{new}" });
      });

      test("updates how trials stand, those created with it too, and leaves the rest of their rows", async () => {
        const old = trialRecord("p/a", 1, { networkJson: "{old}", macs: 5, reusedFrom: "elsewhere" });
        await storage.commit([newJobCommit("p/a", { newTrials: [old] })], null);
        const changes = {
          state: "completed",
          attemptsJson: '{"counts":{"lost":2}}',
          leaseToken: 3,
          workerId: "w",
          leaseTimeMs: 11,
          endTimeMs: 12,
          busyMs: 13,
          measurementJson: "{m}",
          failureReason: "lost",
          failureDetail: "why",
          checkpointJson: "{c}",
        } as const;
        const trials = [trialUpdate("p/a", 1, changes), trialUpdate("p/a", 2, changes)];
        await storage.commit([jobCommit("p/a", 1, { newTrials: [trialRecord("p/a", 2)], trials })], null);
        expect(await storage.getTrial("p/a", 1)).toEqual({ ...old, ...changes });
        expect(await storage.getTrial("p/a", 2)).toEqual(trialRecord("p/a", 2, changes));
      });

      test("refuses the update of a trial that the job does not have, and keeps nothing of that call", async () => {
        await storage.commit([newJobCommit("p/a"), newJobCommit("p/b", { newTrials: [trialRecord("p/b", 1)] })], null);
        const call = storage.commit([jobCommit("p/a", 1, { events: ["{x}"], trials: [trialUpdate("p/a", 1)] })], null);
        await expect(call).rejects.toMatchObject({ name: "StorageError", code: "conflict" });
        expect(await storage.readEvents("p/a", 1)).toEqual([]);
        expect(await storage.getTrial("p/a", 1)).toBeNull();
      });

      test("refuses a job that stands at another event, and keeps nothing of that call", async () => {
        await storage.commit([newJobCommit("p/a"), newJobCommit("p/b")], null);
        for (const expectedSeq of [0, 2]) {
          const stale = jobCommit("p/b", expectedSeq, { events: ["{x}"] });
          const fresh = jobCommit("p/a", 1, {
            events: ["{y}"],
            newTrials: [trialRecord("p/a", 1)],
            snapshotJson: "{}",
          });
          const call = storage.commit([fresh, stale], requestRecord("r"));
          await expect(call).rejects.toMatchObject({ name: "StorageError", code: "conflict" });
        }
        expect(await storage.readEvents("p/a", 1)).toEqual([]);
        expect(await storage.getTrial("p/a", 1)).toBeNull();
        expect(await storage.readSnapshot("p/a")).toBeNull();
        expect(await storage.readEvents("p/b", 1)).toEqual([]);
        expect(await storage.findRequest("r")).toBeNull();
      });

      test("refuses a job that is unknown and comes without a record", async () => {
        const call = storage.commit([jobCommit("p/a", 0, { events: ["{}"] })], null);
        await expect(call).rejects.toMatchObject({ code: "conflict" });
        const late = storage.commit([jobCommit("p/a", 7, { record: jobRecord("p/a") })], null);
        await expect(late).rejects.toMatchObject({ code: "conflict" });
        expect(await storage.getJob("p/a")).toBeNull();
      });

      test("forgets requests answered before a time, the oldest first and no more than asked for", async () => {
        const answered = [5, 1, 4, 2, 3].map((timeMs) => ({ ...requestRecord(`r${timeMs}`), timeMs }));
        for (const request of answered) await storage.commit([], request);
        const kept = async () => {
          const found = await Promise.all([1, 2, 3, 4, 5].map((time) => storage.findRequest(`r${time}`)));
          return found.flatMap((request) => request?.timeMs ?? []);
        };
        await storage.forgetRequests(1, 9);
        expect(await kept()).toEqual([1, 2, 3, 4, 5]);
        await storage.forgetRequests(4, 2);
        expect(await kept()).toEqual([3, 4, 5]);
        await storage.forgetRequests(5, 9);
        expect(await kept()).toEqual([5]);
        await storage.commit([], requestRecord("r1"));
        expect(await storage.findRequest("r1")).toEqual(requestRecord("r1"));
      });

      test("refuses a request that has an answer, and keeps nothing of that call", async () => {
        await storage.commit([], requestRecord("r"));
        const call = storage.commit([newJobCommit("p/a")], { ...requestRecord("r"), responseJson: "{second}" });
        await expect(call).rejects.toMatchObject({ code: "conflict" });
        expect(await storage.getJob("p/a")).toBeNull();
        expect(await storage.findRequest("r")).toEqual(requestRecord("r"));
      });

      test("takes a job twice in one call where the second goes on from the first", async () => {
        await storage.commit([newJobCommit("p/a"), jobCommit("p/a", 1, { events: ["{2}"] })], null);
        expect(await storage.readEvents("p/a", 1)).toEqual([[2, "{2}"]]);
        const again = [jobCommit("p/a", 2, { events: ["{3}"] }), jobCommit("p/a", 2, { events: ["{4}"] })];
        await expect(storage.commit(again, null)).rejects.toMatchObject({ code: "conflict" });
        expect(await storage.readEvents("p/a", 2)).toEqual([]);
      });

      test.each([
        ["a trial of another job", { newTrials: [trialRecord("p/b", 1)] }],
        ["an update of a trial of another job", { trials: [trialUpdate("p/b", 1)] }],
        ["a round of another job", { rounds: [{ job: "p/b", round: 1, summaryJson: "{}" }] }],
        ["the record of another job", { record: jobRecord("p/b") }],
        [
          "a time that is not whole",
          { newTrials: [trialRecord("p/a", 1)], trials: [trialUpdate("p/a", 1, { busyMs: 0.5 })] },
        ],
        ["a number that is none", { newTrials: [trialRecord("p/a", 1, { macs: Number.NaN })] }],
      ])("refuses %s, and keeps nothing of that call", async (_, changes) => {
        await storage.commit([newJobCommit("p/a"), newJobCommit("p/b")], null);
        const call = storage.commit([jobCommit("p/a", 1, { events: ["{2}"], ...changes })], null);
        await expect(call).rejects.toMatchObject({ name: "StorageError", code: "unsupported" });
        expect(await storage.readEvents("p/a", 1)).toEqual([]);
      });

      test("takes the values at the call, whatever becomes of the objects later", async () => {
        const record = { ...jobRecord("p/a") };
        const trial = { ...trialRecord("p/a", 1) };
        const events = ["{1}"];
        const done = storage.commit([jobCommit("p/a", 0, { record, newTrials: [trial], events })], null);
        record.state = "failed";
        trial.networkHash = "changed";
        events.push("{2}");
        await done;
        expect(await storage.getJob("p/a")).toEqual(jobRecord("p/a"));
        expect(await storage.getTrial("p/a", 1)).toEqual(trialRecord("p/a", 1));
        expect(await storage.readEvents("p/a", 0)).toEqual([[1, "{1}"]]);
      });

      test("gives copies: a change of what was read changes nothing in the store", async () => {
        await storage.commit([newJobCommit("p/a", { newTrials: [trialRecord("p/a", 1)], snapshotJson: "{}" })], null);
        for (const read of [
          () => storage.getJob("p/a"),
          () => storage.getTrial("p/a", 1),
          () => storage.readSnapshot("p/a"),
          async () => (await storage.openTrials("p/a"))[0],
          async () => (await storage.listJobs("p", { size: 1, after: null })).items[0],
        ]) {
          const before = structuredClone(await read());
          Object.assign((await read()) as object, { state: "failed", json: "{changed}" });
          expect(await read()).toEqual(before);
        }
      });

      test("answers a hundred calls at once, each alone: the stale one among them fails, the others hold", async () => {
        const jobs = Array.from({ length: 100 }, (_, index) => `p/${index}`);
        await storage.commit([newJobCommit("p/57")], null);
        const answers = await Promise.allSettled(jobs.map((job) => storage.commit([newJobCommit(job)], null)));

        const failed = answers.flatMap((answer, index) => (answer.status === "rejected" ? [index] : []));
        expect(failed).toEqual([57]);
        expect((await storage.openJobs()).map(({ key }) => key).sort()).toEqual([...jobs].sort());
      });

      test("lets calls on one job take effect in the order they were made", async () => {
        await storage.commit([newJobCommit("p/a")], null);
        const calls = Array.from({ length: 20 }, (_, index) =>
          storage.commit([jobCommit("p/a", index + 1, { events: [`{${index + 2}}`] })], null),
        );
        await Promise.all(calls);
        expect(await storage.readEvents("p/a", 19)).toEqual([
          [20, "{20}"],
          [21, "{21}"],
        ]);
      });
    });

    describe("reads", () => {
      test("answer for what is unknown with null or nothing", async () => {
        const page = { size: 5, after: null };
        expect(await storage.getJob("p/none")).toBeNull();
        expect(await storage.getTrial("p/none", 1)).toBeNull();
        expect(await storage.readSnapshot("p/none")).toBeNull();
        expect(await storage.findRequest("none")).toBeNull();
        expect(await storage.getFile("none")).toBeNull();
        expect(await storage.checkpointFiles()).toEqual([]);
        expect(await storage.readEvents("p/none", 0)).toEqual([]);
        expect(await storage.openJobs()).toEqual([]);
        expect(await storage.openTrials("p/none")).toEqual([]);
        expect(await storage.findTrials("p/none", ["x"])).toEqual([]);
        expect(await storage.findTrials("p/none", [])).toEqual([]);
        const nothing = { items: [], next: null };
        expect(await storage.listJobs("none", page)).toEqual(nothing);
        expect(await storage.listTrials("p/none", page)).toEqual(nothing);
        expect(await storage.listRounds("p/none", page)).toEqual(nothing);
      });

      test("openJobs gives running and paused jobs of all projects, oldest first", async () => {
        const states = ["running", "paused", "succeeded", "failed", "cancelled"] as const;
        const records = states.map((state, index) => jobRecord(`p${index}/j`, { state, createTimeMs: 100 - index }));
        for (const record of records) await storage.commit([newJobCommit(record.key, { record })], null);
        expect(await storage.openJobs()).toEqual([records[1], records[0]]);
      });

      test("openTrials gives pending and leased trials in order, whatever the order of their commits", async () => {
        const states = ["leased", "completed", "pending", "failed", "infeasible", "cancelled", "pending"] as const;
        const trials = states.map((state, index) => trialRecord("p/a", index + 1, { state })).reverse();
        await storage.commit([newJobCommit("p/a", { newTrials: trials }), newJobCommit("p/b")], null);
        expect((await storage.openTrials("p/a")).map(({ trial }) => trial)).toEqual([1, 3, 7]);
        await storage.commit([jobCommit("p/a", 1, { trials: [trialUpdate("p/a", 3, { state: "completed" })] })], null);
        expect((await storage.openTrials("p/a")).map(({ trial }) => trial)).toEqual([1, 7]);
      });

      test("findTrials gives the job's search trials of any number of hashes, in order", async () => {
        const hash = (trial: number) => `hash-${trial}`;
        const trials = Array.from({ length: 200 }, (_, index) => trialRecord("p/a", 200 - index));
        const final = trialRecord("p/a", 201, { role: "final", networkHash: hash(5) });
        const other = newJobCommit("p/b", { newTrials: [trialRecord("p/b", 1, { networkHash: hash(5) })] });
        await storage.commit([newJobCommit("p/a", { newTrials: [...trials, final] }), other], null);

        expect((await storage.findTrials("p/a", [hash(5), "none", hash(2), hash(5)])).map((row) => row.trial)).toEqual([
          2, 5,
        ]);
        const all = await storage.findTrials("p/a", ["none", ...trials.map((row) => row.networkHash)]);
        expect(all).toEqual([...trials].reverse());
      });

      test("readEvents gives those after a number, in order, and no more than asked for", async () => {
        const events = Array.from({ length: 12 }, (_, index) => `{${index + 1}}`);
        await storage.commit([newJobCommit("p/a", { events })], null);
        expect((await storage.readEvents("p/a", 9)).map(([seq]) => seq)).toEqual([10, 11, 12]);
        expect(await storage.readEvents("p/a", 12)).toEqual([]);
        expect((await storage.readEvents("p/a", 3, 2)).map(([seq]) => seq)).toEqual([4, 5]);
        expect((await storage.readEvents("p/a", 10, 9)).map(([seq]) => seq)).toEqual([11, 12]);
      });
    });

    describe("listings", () => {
      test("listJobs runs from new to old through one project, ties by key", async () => {
        const ages = [5, 9, 9, 1, 7];
        const records = ages.map((createTimeMs, index) => jobRecord(`p/${index}`, { createTimeMs }));
        for (const record of records) await storage.commit([newJobCommit(record.key, { record })], null);
        await storage.commit([newJobCommit("q/x")], null);

        const pages = await allPages((after) => storage.listJobs("p", { size: 2, after }));
        expect(pages.map((page) => page.map(({ key }) => key))).toEqual([["p/2", "p/1"], ["p/4", "p/0"], ["p/3"]]);
      });

      test("listTrials and listRounds run in order, with rows that come and change between two pages", async () => {
        const trials = [4, 1, 3, 2].map((trial) => trialRecord("p/a", trial));
        const rounds = [2, 0, 1].map((round) => ({ job: "p/a", round, summaryJson: "{}" }));
        await storage.commit([newJobCommit("p/a", { newTrials: trials, rounds })], null);
        const first = await storage.listTrials("p/a", { size: 2, after: null });
        expect(first.items.map(({ trial }) => trial)).toEqual([1, 2]);

        const changed = [trialUpdate("p/a", 1, { state: "completed" })];
        await storage.commit([jobCommit("p/a", 1, { newTrials: [trialRecord("p/a", 5)], trials: changed })], null);
        const second = await storage.listTrials("p/a", { size: 3, after: first.next });
        expect(second.items.map(({ trial }) => trial)).toEqual([3, 4, 5]);
        expect(second.next).toBeNull();

        const pages = await allPages((after) => storage.listRounds("p/a", { size: 1, after }));
        expect(pages.map((page) => page.map(({ round }) => round))).toEqual([[0], [1], [2]]);
      });

      test("refuse a size below 1 and a token that this listing did not give out", async () => {
        const trials = [trialRecord("p/a", 1), trialRecord("p/a", 2)];
        await storage.commit(
          [newJobCommit("p/a", { newTrials: trials }), newJobCommit("p/b", { newTrials: [] })],
          null,
        );
        const { next } = await storage.listTrials("p/a", { size: 1, after: null });
        expect(next).not.toBeNull();

        const refused = { name: "StorageError", code: "unsupported" };
        for (const size of [0, -1, 1.5, Number.NaN]) {
          const call = storage.listJobs("p", { size, after: null });
          await expect(call).rejects.toMatchObject({ ...refused, message: expect.stringContaining("page size") });
        }
        const badToken = { ...refused, message: expect.stringContaining("page token") };
        await expect(storage.listTrials("p/b", { size: 1, after: next })).rejects.toMatchObject(badToken);
        await expect(storage.listRounds("p/a", { size: 1, after: next })).rejects.toMatchObject(badToken);
        for (const after of ["", "1", "no token", "bnVsbA", "W10"]) {
          await expect(storage.listTrials("p/a", { size: 1, after })).rejects.toMatchObject(badToken);
        }
      });
    });

    describeStorageFiles(() => storage);

    describe("close", () => {
      test("answers what was asked before, and refuses what comes after", async () => {
        const commit = storage.commit([newJobCommit("p/a")], null);
        await Promise.all([storage.close(), commit]);
        await storage.close();
        const closed = { name: "StorageError", code: "unavailable" };
        await expect(storage.commit([newJobCommit("p/b")], null)).rejects.toMatchObject(closed);
        await expect(storage.getJob("p/a")).rejects.toMatchObject(closed);
        await expect(storage.putFile("sha", Uint8Array.of(1))).rejects.toMatchObject(closed);
      });

      test("keeps all for the next to open it", async () => {
        const trial = trialRecord("p/a", 1);
        await storage.commit([newJobCommit("p/a", { newTrials: [trial], snapshotJson: "{s}" })], requestRecord("r"));
        await storage.putFile("sha", Uint8Array.of(1, 2, 3));
        await storage.putCheckpointFile("checkpoint", Uint8Array.of(4));
        await storage.close();
        storage = await leadStore(await database.open());
        expect(await storage.openJobs()).toEqual([jobRecord("p/a")]);
        expect(await storage.openTrials("p/a")).toEqual([trial]);
        expect(await storage.readSnapshot("p/a")).toEqual({ seq: 1, json: "{s}" });
        expect(await storage.findRequest("r")).toEqual(requestRecord("r"));
        expect(await readFile("sha")).toEqual(Uint8Array.of(1, 2, 3));
        expect(await storage.checkpointFiles()).toEqual(["checkpoint"]);
        expect(await readFile("checkpoint")).toEqual(Uint8Array.of(4));
        await storage.commit([jobCommit("p/a", 1, { events: ["{2}"] })], null);
      });
    });
  });
}

async function allPages<T>(list: (after: string | null) => Promise<Paged<T>>): Promise<(readonly T[])[]> {
  const pages: (readonly T[])[] = [];
  let after: string | null = null;
  do {
    const { items, next }: Paged<T> = await list(after);
    pages.push(items);
    after = next;
  } while (after !== null);
  return pages;
}
