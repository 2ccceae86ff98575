import { afterEach, describe, expect, test } from "@jest/globals";
import * as grpc from "@grpc/grpc-js";
import type { Job } from "../../client/types.ts";
import type { WatchJobResponse } from "../../proto/gen/fpnas/v1/WatchJobResponse.ts";
import { ClientBench, collect } from "../support/client-bench.ts";
import { statusError, wireJob } from "../support/client-scripted-server.ts";

const bench = new ClientBench();
afterEach(() => bench.close());

describe("a watched job", () => {
  type WatchCall = grpc.ServerWritableStream<unknown, WatchJobResponse>;
  const say = (call: WatchCall, state: NonNullable<ReturnType<typeof wireJob>["state"]>) =>
    void call.write({ job: wireJob({ state }) });

  test("comes as it changes and ends with its final state", async () => {
    const client = await bench.connect({
      WatchJob: (call) => {
        for (const state of ["STATE_RUNNING", "STATE_PAUSED", "STATE_CANCELLED"] as const) say(call, state);
        call.end();
      },
    });
    expect((await collect(client.watchJob("n"))).map(({ state }) => state)).toEqual(["running", "paused", "cancelled"]);
  });

  test("is followed over the death and the restart of its coordinator", async () => {
    const first = await bench.serve({ WatchJob: (call) => say(call, "STATE_RUNNING") });
    const client = bench.client(first.address);
    const seen: Job["state"][] = [];
    for await (const { state } of client.watchJob("n")) {
      seen.push(state);
      if (seen.length > 1) continue;
      first.kill();
      await bench.serve({ WatchJob: (call) => say(call, "STATE_SUCCEEDED") }, first.port);
    }
    expect(seen).toEqual(["running", "succeeded"]);
  });

  test("is asked for again where the coordinator ended the stream before the job ended", async () => {
    let calls = 0;
    const client = await bench.connect({
      WatchJob: (call) => {
        say(call, ++calls === 1 ? "STATE_RUNNING" : "STATE_FAILED");
        call.end();
      },
    });
    expect((await collect(client.watchJob("n"))).map(({ state }) => state)).toEqual(["running", "failed"]);
  });

  test("ends quietly when its signal is aborted, and lets go of the stream", async () => {
    let released: () => void = () => undefined;
    const cancelled = new Promise<void>((resolve) => (released = resolve));
    const client = await bench.connect({
      WatchJob: (call) => {
        call.on("cancelled", released);
        say(call, "STATE_RUNNING");
      },
    });
    const abort = new AbortController();
    const jobs = client.watchJob("n", abort.signal);
    await jobs.next();
    abort.abort();
    expect(await jobs.next()).toEqual({ done: true, value: undefined });
    await cancelled;
    expect(await collect(client.watchJob("n", abort.signal))).toEqual([]);
  });

  test("that its reader leaves lets go of the stream", async () => {
    let released: () => void = () => undefined;
    const cancelled = new Promise<void>((resolve) => (released = resolve));
    const client = await bench.connect({
      WatchJob: (call) => {
        call.on("cancelled", released);
        say(call, "STATE_RUNNING");
      },
    });
    const jobs = client.watchJob("n");
    await jobs.next();
    await jobs.return();
    await cancelled;
  });

  test("that does not exist is not_found, once", async () => {
    let calls = 0;
    const client = await bench.connect({
      WatchJob: (call) => {
        calls += 1;
        call.emit("error", statusError(grpc.status.NOT_FOUND, "no job n"));
      },
    });
    await expect(collect(client.watchJob("n"))).rejects.toMatchObject({ code: "not_found", message: "no job n" });
    expect(calls).toBe(1);
  });
});
