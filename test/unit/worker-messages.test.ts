import { describe, expect, test } from "@jest/globals";
import { workerService } from "../../proto/load.ts";
import type { Lease } from "../../proto/gen/fpnas/v1/Lease.ts";
import type { WorkResponse } from "../../proto/gen/fpnas/v1/WorkResponse.ts";
import { failureReasons } from "../../network/measurement.ts";
import { failed } from "../../worker/client/lease.ts";
import { decodeResponse, encodeRequest } from "../../worker/client/messages.ts";

const { responseSerialize, responseDeserialize, requestSerialize, requestDeserialize } = workerService.service.Work;
const received = (response: WorkResponse) => decodeResponse(responseDeserialize(responseSerialize(response)));
const sent = (request: Parameters<typeof encodeRequest>[0]) =>
  requestDeserialize(requestSerialize(encodeRequest(request)));

const key = { trial: "projects/p/jobs/j/trials/3", leaseToken: 2 ** 40 };
const network = { tableRow: { tableSha256: "a".repeat(64), arms: [0, 2] } };
const train = {
  dataset: "mnist",
  steps: 30,
  batch: 64,
  learningRate: 0.1,
  weightDecay: 1e-4,
  part: "DATA_PART_TEST",
  evalExamples: 100,
} as const;

describe("messages of the wire", () => {
  test("a time limit is read, and 0 is none", () => {
    for (const [timeLimitMs, limit] of [
      [2 ** 40, { timeLimitMs: 2 ** 40 }],
      [0, {}],
    ] as const) {
      const [lease] = received({
        leases: [{ key, network, evaluation: { tabular: {}, seed: 1, timeLimitMs } }],
      }).leases;
      expect(lease?.evaluation).toEqual({ type: "tabular", seed: 1, ...limit });
    }
  });

  test("a lease is read with its token, network and evaluation", () => {
    const recipe = { labelSmoothing: 0, augment: false, averageDecay: 0 };
    const response = received({ leases: [{ key, network, evaluation: { train, seed: 2 ** 32 - 1 } }] });
    expect(response.leases).toEqual([
      {
        key,
        network: { type: "tableRow", ...network.tableRow },
        evaluation: { type: "train", seed: 2 ** 32 - 1, ...train, part: "test", recipe, keepWeights: false },
        checkpoint: null,
      },
    ]);
  });

  test("a lease is read with the program to run, where limits and steps of 0 are none", () => {
    const files = [{ path: "a/b.py", sha256: "c".repeat(64) }];
    const program = { run: ["python3", "a/b.py"], files, env: { A: "1" } };
    const read = (more: object) =>
      received({ leases: [{ key, network, evaluation: { command: { ...program, ...more }, seed: 3 } }] });
    const all = read({ memoryLimitBytes: 2 ** 40, steps: 9, part: "DATA_PART_TEST" }).leases[0]?.evaluation;
    expect(all).toEqual({ type: "command", seed: 3, ...program, memoryLimitBytes: 2 ** 40, steps: 9, part: "test" });
    const least = read({ part: "DATA_PART_VALIDATION" }).leases[0]?.evaluation;
    expect(least).toEqual({ type: "command", seed: 3, ...program, part: "validation" });
    const broken = [...read({}).unreadable, ...read({ run: [], part: "DATA_PART_TEST" }).unreadable];
    expect(broken.map(({ result }) => result)).toEqual([
      { type: "failed", reason: "internal", detail: "the evaluation names no part to measure" },
      { type: "failed", reason: "internal", detail: "the evaluation names no program" },
    ]);
  });

  test("a lease is read with the checkpoint that goes with it", () => {
    const checkpoint = { sha256: "b".repeat(64), step: 2 ** 32 - 1, sizeBytes: 2 ** 40 };
    const [lease] = received({ leases: [{ key, network, evaluation: { train }, checkpoint }] }).leases;
    expect(lease?.checkpoint).toEqual(checkpoint);
  });

  test.each<[string, Lease]>([
    ["no network", { key, evaluation: { tabular: {} } }],
    ["no evaluation", { key, network }],
    ["an evaluation of an unknown kind", { key, network, evaluation: { seed: 1 } }],
    ["no part to measure", { key, network, evaluation: { train: { ...train, part: "DATA_PART_UNSPECIFIED" } } }],
    ["a part that is not known", { key, network, evaluation: { train: { ...train, part: 7 as never } } }],
    ["batches of nothing", { key, network, evaluation: { train: { ...train, batch: 0 } } }],
    ["no step to train", { key, network, evaluation: { train: { ...train, steps: 0 } } }],
  ])("a lease with %s becomes a failure with its key", (_, lease) => {
    const response = received({ leases: [lease] });
    expect(response.leases).toEqual([]);
    expect(response.unreadable).toMatchObject([{ key, result: { type: "failed" } }]);
  });

  test("what has no key is left out", () => {
    const response = received({ leases: [{ network }], acks: [{ verdict: "VERDICT_STALE" }], revoked: [key] });
    expect(response).toEqual({ leases: [], unreadable: [], acks: [], revoked: [key] });
  });

  test("each verdict is told apart", () => {
    const acks = (["VERDICT_ACCEPTED", "VERDICT_STALE", "VERDICT_REJECTED"] as const).map((verdict) => ({
      key,
      verdict,
    }));
    expect(received({ acks }).acks.map(({ verdict }) => verdict)).toEqual(["accepted", "stale", "rejected"]);
  });

  test("a measurement keeps its numbers bit for bit, and an absent loss stays absent", () => {
    const measurement = { accuracy: 0.1 + 0.2, steps: 30, extra: { trainSeconds: 1.5 } };
    const outcomes = [
      { key, result: { type: "measured", measurement } },
      { key, result: { type: "measured", measurement: { ...measurement, loss: 0 } } },
    ] as const;
    const [without, with0] = sent({ outcomes }).outcomes;
    expect(without?.measurement).toEqual({ ...measurement, update: null, weights: null });
    expect(with0?.measurement?.loss).toBe(0);
    expect(with0?.key).toEqual(key);
  });

  test("each reason of failure has its name on the wire", () => {
    const outcomes = failureReasons.map((reason) => ({ key, result: failed(reason, "d") }));
    expect(sent({ outcomes }).outcomes.map(({ failure }) => failure?.reason)).toEqual(
      failureReasons.map((reason) => `FAILURE_REASON_${reason.toUpperCase()}`),
    );
  });
});
