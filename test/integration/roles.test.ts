import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { status, type ServiceError } from "@grpc/grpc-js";
import { FpnasClient } from "../../client/client.ts";
import type { Leadership, Store } from "../../coordinator/storage/leadership.ts";
import { StorageError } from "../../coordinator/storage/storage.ts";
import { readLeader } from "../../proto/leader.ts";
import { healthOf } from "../support/grpc-health.ts";
import { collect } from "../support/client-bench.ts";
import { RolesBench, type Member } from "../support/roles-bench.ts";
import { call, WireWorker } from "../support/rpc-bench.ts";
import { until } from "../support/scheduling-clock.ts";
import { withMethods } from "../support/scheduling-storage.ts";
import { sha256, smallTable, tabularSpec } from "../support/scheduling-table.ts";

let bench: RolesBench;
const clients: FpnasClient[] = [];

beforeEach(() => {
  bench = new RolesBench();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await bench.close();
});

function clientOf(...members: readonly Member[]): FpnasClient {
  const client = new FpnasClient(members.map(({ address }) => address).join(","));
  clients.push(client);
  return client;
}

const newJob = { spec: tabularSpec(), files: new Map([["small.json", smallTable()]]), jobId: "small" };
const name = "projects/default/jobs/small";

/** What a call that fails says of who leads; rejects where it does not fail with UNAVAILABLE. */
async function leaderTold(answer: Promise<unknown>): Promise<string | null | undefined> {
  const error = await answer.then(
    () => Promise.reject(new Error("the call succeeded")),
    (reason: unknown) => reason as ServiceError,
  );
  expect(error.code).toBe(status.UNAVAILABLE);
  return readLeader(error)?.leader;
}

/** The end of a stream that a test does not write to. */
function ended(stream: { on(event: "error", listener: (error: Error) => void): unknown; resume?(): unknown }) {
  return new Promise<void>((_, reject) => {
    stream.on("error", reject);
    stream.resume?.();
  });
}

/** A store whose leaderships are changed by a test. */
function withLeaderships(store: Store, change: (leadership: Leadership) => Leadership): Store {
  return withMethods(store, { lead: async (address, signal) => change(await store.lead(address, signal)) });
}

describe("two coordinators on one store", () => {
  test("both serve, and both answer what is only read, alike", async () => {
    const [leader, follower] = [await bench.serve(), await bench.serve()];
    expect([await healthOf(leader.address), await healthOf(follower.address)]).toEqual(["SERVING", "SERVING"]);
    await clientOf(leader).createJob(newJob);
    const worker = await WireWorker.connect(leader.worker, "w", 1);
    await collect(clientOf(leader).watchJob(name));
    worker.finish();
    for (const method of ["ListTrials", "ListRounds"] as const) {
      const answers = await Promise.all([leader, follower].map(({ search }) => call(search, method, { parent: name })));
      expect(answers[1]).toEqual(answers[0]);
    }
    expect(await clientOf(follower).getJob(name)).toMatchObject({ state: "succeeded", progress: { workers: 0 } });
    const { jobs } = await call(follower.search, "ListJobs", {});
    expect(jobs).toHaveLength(1);
    const file = follower.worker.fetchFile({ sha256: sha256(smallTable()) }) as AsyncIterable<{ chunk: Buffer }>;
    const chunks: Buffer[] = [];
    for await (const { chunk } of file) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(smallTable());
  });

  test("the follower refuses everything else, and names the leader as that wants to be reached", async () => {
    const leader = await bench.serve(bench.database.open(), "leader.example:7431");
    const { search, worker } = await bench.serve();
    await clientOf(leader).createJob(newJob);
    const upload = new Promise<void>((resolve, reject) => {
      const stream = search.uploadFile((error) => (error ? reject(error) : resolve()));
      stream.on("error", () => undefined);
      stream.write({ sha256: sha256(smallTable()), chunk: smallTable() });
    });
    const refused = [
      ...(["PauseJob", "ResumeJob", "CancelJob"] as const).map((method) => call(search, method, { name })),
      call(search, "CreateJob", { specJson: "{}" }),
      ended(search.watchJob({ name })),
      upload,
      WireWorker.connect(worker, "w", 1),
      ended(worker.work()),
    ];
    expect(new Set(await Promise.all(refused.map(leaderTold)))).toEqual(new Set(["leader.example:7431"]));
  });

  test("the next one leads as soon as the leader is stopped, and goes on with its jobs and workers", async () => {
    const [first, second] = [await bench.serve(), await bench.serve()];
    await clientOf(first).createJob(newJob);
    const before = await WireWorker.connect(first.worker, "w", 2, false);
    await until(() => before.leases.length === 2, "two leases");
    await first.coordinator.stop();
    expect(await before.over).toBe(status.UNAVAILABLE);
    await clientOf(second).pauseJob(name);
    await clientOf(second).resumeJob(name);
    const held = before.leases.map(({ key }) => key!);
    const after = await WireWorker.connect(second.worker, "w", 0, true, held);
    after.evaluate(before.leases, 1);
    await collect(clientOf(second).watchJob(name));
    expect(after.verdicts.slice(0, 2)).toEqual(["VERDICT_ACCEPTED", "VERDICT_ACCEPTED"]);
    expect((await clientOf(second).getJob(name)).result?.trials).toBe(30);
    after.finish();
  });

  test("one that is deposed ends its streams, follows the other, and leads again after it", async () => {
    const [first, second] = [await bench.serve(), await bench.serve()];
    const client = clientOf(first, second);
    await client.createJob(newJob);
    const worker = await WireWorker.connect(first.worker, "w", 1, false);
    const watch = ended(first.search.watchJob({ name }));
    await until(() => worker.leases.length === 1, "a lease");
    bench.database.depose();
    expect(await worker.over).toBe(status.UNAVAILABLE);
    expect(await leaderTold(watch)).toBeNull();
    expect((await client.pauseJob(name)).state).toBe("paused");
    expect(await leaderTold(call(first.search, "ResumeJob", { name }))).toBe(second.address);
    await second.coordinator.stop();
    expect((await clientOf(first).resumeJob(name)).state).toBe("running");
  });
});

describe("a coordinator", () => {
  test("that finds itself deposed by a write acknowledges nothing of it and follows, until it leads anew", async () => {
    let refusals = 0;
    const store = withLeaderships(bench.database.open(), (leadership) => ({
      ...leadership,
      storage: withMethods(leadership.storage, {
        commit: (jobs, request) =>
          leadership.term > 1 || jobs.every(({ trials }) => trials.every(({ state }) => state !== "completed"))
            ? leadership.storage.commit(jobs, request)
            : Promise.reject(new StorageError("deposed", `refusal ${(refusals += 1)}`)),
      }),
    }));
    const member = await bench.serve(store);
    await clientOf(member).createJob(newJob);
    const worker = await WireWorker.connect(member.worker, "w", 1);
    expect(await worker.over).toBe(status.UNAVAILABLE);
    expect(worker.verdicts).toEqual([]);
    expect(refusals).toBe(1);
    // The client waits until it leads again.
    expect((await clientOf(member).pauseJob(name)).state).toBe("paused");
    expect(await bench.database.open().leader()).toMatchObject({ term: 2 });
  });

  test("whose store cannot be asked at first follows, and leads when it can", async () => {
    const inner = bench.database.open();
    let tries = 0;
    const store = withMethods(inner, {
      lead: (address, signal) =>
        ++tries < 2 ? Promise.reject(new StorageError("unavailable", "away")) : inner.lead(address, signal),
    });
    await clientOf(await bench.serve(store)).createJob(newJob);
    expect(tries).toBe(2);
  });

  test("fails where its store is broken, and tells its health", async () => {
    const member = await bench.serve(
      withLeaderships(bench.database.open(), (leadership) => ({
        ...leadership,
        storage: withMethods(leadership.storage, {
          commit: () => Promise.reject(new StorageError("corrupt", "damaged")),
        }),
      })),
    );
    await expect(call(member.search, "CreateJob", await uploaded(member))).rejects.toMatchObject({
      code: status.DATA_LOSS,
    });
    expect(await member.coordinator.failed).toMatchObject({ code: "corrupt" });
    expect(await healthOf(member.address)).toBe("NOT_SERVING");
  });

  test("that cannot take up the jobs does not start", async () => {
    const store = withLeaderships(bench.database.open(), (leadership) => ({
      ...leadership,
      storage: withMethods(leadership.storage, {
        openJobs: () => Promise.reject(new StorageError("corrupt", "damaged")),
      }),
    }));
    await expect(bench.serve(store)).rejects.toMatchObject({ code: "corrupt" });
    expect(await bench.database.open().leader()).toBeNull();
  });
});

/** A request for the small job, whose file is there. */
async function uploaded({ search }: Member): Promise<object> {
  const table = Buffer.from(smallTable());
  await new Promise<void>((resolve, reject) => {
    const stream = search.uploadFile((error) => (error ? reject(error) : resolve()));
    stream.write({ sha256: sha256(table), chunk: table });
    stream.end();
  });
  return { specJson: JSON.stringify(tabularSpec()), files: { "small.json": sha256(table) } };
}
