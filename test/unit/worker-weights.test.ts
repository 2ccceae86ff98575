import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { status } from "@grpc/grpc-js";
import { encodeWeights } from "../../network/weights-codec.ts";
import type { UpdateHeader, WeightsRequest } from "../../worker/client/coordinator.ts";
import { trialWeights } from "../../worker/client/trial-weights.ts";
import { FakeCoordinator, ManualTimers, settled } from "../support/worker-fakes.ts";

const key = { trial: "projects/p/jobs/j/trials/3", leaseToken: 2 };
const slices = [
  { tensor: "a", shape: [2] },
  { tensor: "b", shape: [1] },
];
const values = [Float32Array.of(0.5, -2), Float32Array.of(8)];
const request = { version: 4, slices, precision: "float16" } as const;
const refusals = [status.UNAVAILABLE, status.RESOURCE_EXHAUSTED].map((code) =>
  Object.assign(new Error("not now"), { code }),
);

function bench() {
  const coordinator = new FakeCoordinator();
  const timers = new ManualTimers();
  const abort = new AbortController();
  const weights = trialWeights(key, { workerId: "w", coordinator, timers, random: () => 0 }, abort.signal);
  return { coordinator, timers, abort, weights };
}

describe("the shared weights of a lease", () => {
  test("are fetched of its job, in the precision that was asked for, and are float32 here", async () => {
    const { coordinator, weights } = bench();
    const asked: WeightsRequest[] = [];
    coordinator.fetchWeights = (wanted) => {
      asked.push(wanted);
      return Promise.resolve(encodeWeights(values, "float16"));
    };
    expect(await weights.fetch(request)).toEqual(values);
    expect(asked).toEqual([{ job: "projects/p/jobs/j", ...request }]);
  });

  test("are changed by an update that is sent under its lease and named by its hash", async () => {
    const { coordinator, weights } = bench();
    const sent: (readonly [UpdateHeader, Uint8Array])[] = [];
    coordinator.putUpdate = (header, bytes) => {
      sent.push([header, bytes]);
      return Promise.resolve("stored");
    };
    const bytes = encodeWeights(values, "float16");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(await weights.put({ ...request, values })).toEqual({ sha256, sizeBytes: 6 });
    expect(sent).toEqual([[{ workerId: "w", key, ...request, sha256 }, bytes]]);
  });

  test("are asked for, and sent, again while the coordinator is away or has too much to do", async () => {
    const { coordinator, weights, timers } = bench();
    let calls = 0;
    const later = <T>(answer: T) => {
      const refusal = refusals[calls % 3];
      calls += 1;
      return refusal === undefined ? Promise.resolve(answer) : Promise.reject(refusal);
    };
    coordinator.fetchWeights = () => later(encodeWeights(values, "float16"));
    coordinator.putUpdate = () => later("stored" as const);
    const fetched = weights.fetch(request);
    await settled();
    await timers.pass(30_000);
    expect(await fetched).toEqual(values);
    const put = weights.put({ ...request, values });
    await settled();
    await timers.pass(30_000);
    expect(await put).toMatchObject({ sizeBytes: 6 });
    expect(calls).toBe(6);
    expect(timers.pending).toBe(0);
  });

  test("that do not come, or come otherwise, fail the trial as data that is not there", async () => {
    const { coordinator, weights } = bench();
    coordinator.fetchWeights = () =>
      Promise.reject(Object.assign(new Error("no version 4"), { code: status.NOT_FOUND }));
    await expect(weights.fetch(request)).rejects.toMatchObject({
      reason: "data_unavailable",
      message: "version 4 of the shared weights cannot be fetched: no version 4",
    });
    coordinator.fetchWeights = () => Promise.resolve(new Uint8Array(5));
    await expect(weights.fetch(request)).rejects.toMatchObject({
      reason: "data_unavailable",
      message: "version 4 of the shared weights does not fit: 5 bytes for slices of 6",
    });
  });

  test("stay as they are where the lease was over: the trial is given back", async () => {
    const { coordinator, weights } = bench();
    coordinator.putUpdate = () => Promise.resolve("stale");
    await expect(weights.put({ ...request, values })).rejects.toMatchObject({ reason: "preempted" });
  });

  test("are waited for no longer than the lease lives", async () => {
    const { coordinator, weights, abort, timers } = bench();
    coordinator.fetchWeights = () => Promise.reject(refusals[0]!);
    const fetched = weights.fetch(request);
    fetched.catch(() => undefined);
    await settled();
    abort.abort(new Error("revoked"));
    await expect(fetched).rejects.toThrow("revoked");
    expect(timers.pending).toBe(0);
  });
});
