import { createServer } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Job } from "../../client/types.ts";
import type { SearchServiceHandlers } from "../../proto/gen/fpnas/v1/SearchService.ts";
import { ClientBench } from "../support/client-bench.ts";
import { notLeader, wireJob } from "../support/client-scripted-server.ts";

const bench = new ClientBench();
afterEach(() => bench.close());

describe("a client of several coordinators", () => {
  /** Answers reads, and refuses a pause as a follower does that names `leader`. */
  const follower = (leader: () => string | null): Partial<SearchServiceHandlers> => ({
    PauseJob: (_, callback) => callback(notLeader(leader())),
    WatchJob: (call) => void call.emit("error", notLeader(leader())),
  });

  test("goes to the leader that a follower names, which need not be on its list, with the same request id", async () => {
    const ids: string[] = [];
    const leader = await bench.serve({
      PauseJob: ({ request }, callback) => {
        ids.push(request.requestId);
        callback(null, { job: wireJob({ state: "STATE_PAUSED" }) });
      },
    });
    const asked: string[] = [];
    const first = await bench.serve({
      PauseJob: ({ request }, callback) => {
        asked.push(request.requestId);
        callback(notLeader(leader.address));
      },
    });
    expect((await bench.client(first.address).pauseJob("n")).state).toBe("paused");
    expect(asked).toHaveLength(1);
    expect(asked[0]).not.toBe("");
    expect(ids).toEqual(asked);
  });

  test("goes past one that is gone, and one that takes connections and never answers", async () => {
    const gone = await bench.serve({});
    gone.kill();
    const silent = createServer((socket) => bench.onClose(() => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    bench.onClose(() => silent.close());
    const { port } = silent.address() as { port: number };
    const leader = await bench.serve({ GetJob: (_, callback) => callback(null, { job: wireJob() }) });
    const client = bench.client(`${gone.address},127.0.0.1:${port},${leader.address}`);
    expect((await client.getJob("n")).state).toBe("running");
  });

  test("waits for a follower to lead", async () => {
    let asked = 0;
    const first = await bench.serve({
      PauseJob: (_, callback) =>
        ++asked <= 5 ? callback(notLeader(null)) : callback(null, { job: wireJob({ state: "STATE_PAUSED" }) }),
    });
    expect((await bench.client(first.address).pauseJob("n")).state).toBe("paused");
    expect(asked).toBe(6);
  });

  test("is not sent to and fro for ever by followers that take each other for the leader", async () => {
    let calls = 0;
    const addresses: string[] = [];
    const serve = (other: number) =>
      bench.serve({
        PauseJob: (_, callback) =>
          ++calls > 6
            ? callback(null, { job: wireJob({ state: "STATE_PAUSED" }) })
            : callback(notLeader(addresses[other] ?? null)),
      });
    addresses.push((await serve(1)).address, (await serve(0)).address);
    expect((await bench.client(addresses.join(",")).pauseJob("n")).state).toBe("paused");
    expect(calls).toBe(7);
  });

  test("follows a watched job from a leader that dies to the next one", async () => {
    const addresses: string[] = [];
    const first = await bench.serve({ WatchJob: (call) => void call.write({ job: wireJob() }) });
    const second = await bench.serve(follower(() => addresses[2] ?? null));
    addresses.push(first.address, second.address);
    const third = await bench.serve({
      WatchJob: (call) => {
        call.write({ job: wireJob({ state: "STATE_SUCCEEDED" }) });
        call.end();
      },
    });
    addresses.push(third.address);
    const seen: Job["state"][] = [];
    for await (const { state } of bench.client(`${second.address},${first.address}`).watchJob("n")) seen.push(state);
    expect(seen).toEqual(["succeeded"]);
    seen.length = 0;
    for await (const { state } of bench.client(`${first.address},${second.address}`).watchJob("n")) {
      if (seen.push(state) === 1) first.kill();
    }
    expect(seen).toEqual(["running", "succeeded"]);
  });

  test("comes back from a named leader that is silent, and waits on for another", async () => {
    const silent = createServer((socket) => bench.onClose(() => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    bench.onClose(() => silent.close());
    const { port } = silent.address() as { port: number };
    let asked = 0;
    const first = await bench.serve({
      PauseJob: (_, callback) =>
        ++asked === 1
          ? callback(notLeader(`127.0.0.1:${port}`))
          : callback(null, { job: wireJob({ state: "STATE_PAUSED" }) }),
    });
    expect((await bench.client(first.address).pauseJob("n")).state).toBe("paused");
    expect(asked).toBe(2);
  });

  test("has all its patience left for a watched job that has not changed for long", async () => {
    let calls = 0;
    const first = await bench.serve({
      WatchJob: (call) => {
        calls += 1;
        if (calls === 1) call.write({ job: wireJob() });
        else if (calls < 4) call.emit("error", notLeader(null));
        else {
          call.write({ job: wireJob({ state: "STATE_SUCCEEDED" }) });
          call.end();
        }
        if (calls === 1) setImmediate(() => call.emit("error", notLeader(null)));
      },
    });
    const now = Date.now.bind(Date);
    const seen: Job["state"][] = [];
    try {
      for await (const { state } of bench.client(first.address).watchJob("n")) {
        seen.push(state);
        Date.now = () => now() + 3_600_000;
      }
    } finally {
      Date.now = now;
    }
    expect(seen).toEqual(["running", "succeeded"]);
  });

  test("names them all where none can be reached", async () => {
    const [one, other] = [await bench.serve({}), await bench.serve({})];
    for (const server of [one, other]) server.kill();
    const list = `${one.address},${other.address}`;
    await expect(bench.client(list).getJob("n")).rejects.toMatchObject({
      code: "unreachable",
      message: `No coordinator can be reached at ${list} (ECONNREFUSED).`,
    });
  });
});
