import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { status } from "@grpc/grpc-js";
import { keepWeights } from "../../worker/client/keep-weights.ts";
import { registeredNames } from "../../worker/evaluator/registered-names.ts";
import { FakeCoordinator, ManualTimers } from "../support/worker-fakes.ts";

const key = { trial: "projects/p/jobs/j/trials/3", leaseToken: 2 };
const bytes = Buffer.from("weights");
const weights = { sha256: createHash("sha256").update(bytes).digest("hex"), sizeBytes: 7 };

function bench() {
  const coordinator = new FakeCoordinator();
  const timers = new ManualTimers();
  const abort = new AbortController();
  const ports = { workerId: "w", coordinator, timers, random: () => 0 };
  const kept = keepWeights(key, ports, bytes, abort.signal);
  kept.catch(() => undefined);
  return { coordinator, timers, abort, kept };
}

test("trained weights are brought under the trial's lease, and named by their hash", async () => {
  const { coordinator, kept } = bench();
  expect(coordinator.uploads[0]).toMatchObject({ header: { workerId: "w", key, weights }, bytes });
  await coordinator.uploads[0]!.answer("stored");
  expect(await kept).toEqual(weights);
});

test("trained weights are brought again while the coordinator is away, and given up where it refuses them", async () => {
  const { coordinator, timers, kept } = bench();
  await coordinator.uploads[0]!.fail(Object.assign(new Error("away"), { code: status.UNAVAILABLE }));
  await timers.pass(200);
  expect(coordinator.uploads).toHaveLength(2);
  await coordinator.uploads[1]!.fail(Object.assign(new Error("no"), { code: status.INVALID_ARGUMENT }));
  await expect(kept).rejects.toMatchObject({
    reason: "data_unavailable",
    message: "the trained weights cannot be sent: no",
  });
});

test("trained weights of a lease that is over cost nothing but the attempt, and an aborted evaluation ends as aborted", async () => {
  const stale = bench();
  await stale.coordinator.uploads[0]!.answer("stale");
  await expect(stale.kept).rejects.toMatchObject({ reason: "preempted" });
  const aborted = bench();
  aborted.abort.abort(new Error("revoked"));
  await expect(aborted.kept).rejects.toThrow("revoked");
});

test("a worker that trains registers that it knows final trainings, and no other does", () => {
  expect(registeredNames([{ name: "tabular" }, { name: "train" }])).toEqual(["tabular", "train", "train.final"]);
  expect(registeredNames([{ name: "supernet" }])).toEqual(["supernet"]);
});
