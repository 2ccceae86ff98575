import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { status, type ServiceError } from "@grpc/grpc-js";
import { call, refused, RpcBench, WireWorker } from "../support/rpc-bench.ts";
import { until } from "../support/scheduling-clock.ts";

const bench = new RpcBench();
beforeAll(() => bench.start());
afterAll(() => bench.close());

function register(request: object): Promise<unknown> {
  return new Promise((resolve, reject) =>
    bench.worker.register(request, (error, response) => (error ? reject(error) : resolve(response))),
  );
}

describe("registering", () => {
  test("tells the worker how to behave, as often as it asks", async () => {
    const request = { workerId: "w.1_a-B", evaluators: ["tabular"] };
    expect(await register(request)).toEqual({ leaseTtlMs: 30_000, heartbeatIntervalMs: 10_000 });
    expect(await register(request)).toEqual({ leaseTtlMs: 30_000, heartbeatIntervalMs: 10_000 });
  });

  test.each([
    [{ workerId: "", evaluators: ["tabular"] }, "worker_id"],
    [{ workerId: "a b", evaluators: ["tabular"] }, "worker_id"],
    [{ workerId: "w1", evaluators: [] }, "evaluators"],
  ])("refuses %j", async (request, field) => {
    const refusal = await refused(register(request));
    expect(refusal).toMatchObject({ code: status.INVALID_ARGUMENT, fields: [{ field }] });
  });
});

describe("a Work stream", () => {
  test("of a worker that has not registered is refused", async () => {
    const stream = bench.worker.work();
    const error = await new Promise<ServiceError>((resolve) => {
      stream.on("error", resolve);
      stream.write({ workerId: "stranger", wantLeases: 1 });
    });
    expect(error.code).toBe(status.FAILED_PRECONDITION);
    expect(error.details).toContain("Register");
  });

  test("that asks for too much is refused", async () => {
    const worker = await WireWorker.connect(bench.worker, "greedy", 1025);
    expect(await worker.over).toBe(status.INVALID_ARGUMENT);
  });

  test("is replaced by a newer one of the same worker, which goes on with its leases", async () => {
    const { name } = await bench.submit("replaced");
    const before = await WireWorker.connect(bench.worker, "twice", 1, false);
    await until(() => before.leases.length === 1, "a lease");
    const key = before.leases[0]!.key!;
    const after = await WireWorker.connect(bench.worker, "twice", 0, false, [key]);
    expect(await before.over).toBe(status.ABORTED);
    after.send({ outcomes: [{ key, measurement: { accuracy: 0.5 } }] });
    await until(() => after.verdicts.length === 1, "an answer");
    expect(after.verdicts).toEqual(["VERDICT_ACCEPTED"]);
    expect(after.responses.flatMap(({ revoked }) => revoked)).toEqual([]);
    await call(bench.search, "CancelJob", { name });
    after.finish();
    expect(await after.over).toBe(status.OK);
  });

  test("whose first request does not name a lease of its worker gives it to the next one at once", async () => {
    const { name } = await bench.submit("forgotten");
    const before = await WireWorker.connect(bench.worker, "forgetful", 2, false);
    await until(() => before.leases.length === 2, "two leases");
    const [kept, lost] = before.leases.map(({ key }) => key!);
    const after = await WireWorker.connect(bench.worker, "forgetful", 0, false, [kept!]);
    const other = await WireWorker.connect(bench.worker, "other", 1000, false);
    await until(() => other.leases.some(({ key }) => key!.trial === lost!.trial), "the lost lease");
    expect(other.leases.map(({ key }) => key)).toContainEqual({ trial: lost!.trial, leaseToken: 2 });
    expect(other.leases.map(({ key }) => key!.trial)).not.toContain(kept!.trial);
    after.send({ renewals: [kept!, lost!] });
    await until(() => after.responses.some(({ revoked }) => revoked.length > 0), "a revocation");
    expect(after.responses.flatMap(({ revoked }) => revoked)).toEqual([lost]);
    await call(bench.search, "CancelJob", { name });
    for (const worker of [after, other]) worker.finish();
    expect(await Promise.all([after.over, other.over])).toEqual([status.OK, status.OK]);
  });

  test("leases as much as is asked for, with all that the evaluation needs", async () => {
    const { name } = await bench.submit("leased");
    const worker = await WireWorker.connect(bench.worker, "keeper", 3, false);
    await until(() => worker.leases.length === 3, "three leases");
    const [first] = worker.leases;
    expect(first!.key).toEqual({ trial: `${name}/trials/1`, leaseToken: 1 });
    expect(first!.network!.kind).toBe("tableRow");
    expect(first!.evaluation!.evaluator).toBe("tabular");
    expect(new Set(worker.leases.map(({ evaluation }) => evaluation!.seed)).size).toBe(1);
    await call(bench.search, "CancelJob", { name });
    const revoked = (): unknown[] => worker.responses.flatMap((response) => response.revoked);
    await until(() => revoked().length === 3, "the revocations");
    expect(revoked()).toEqual(worker.leases.map(({ key }) => key));
    worker.finish();
    expect(await worker.over).toBe(status.OK);
  });

  test("answers outcomes and renewals that name no lease, whatever they name", async () => {
    const worker = await WireWorker.connect(bench.worker, "odd", 0, false);
    const keys = ["", "projects/default", "projects/default/jobs/none/trials/1"].map((trial) => ({
      trial,
      leaseToken: 1,
    }));
    worker.send({ renewals: keys, outcomes: keys.map((key) => ({ key, measurement: { accuracy: 0.5 } })) });
    await until(() => worker.verdicts.length === 3, "three answers");
    expect(worker.verdicts).toEqual(["VERDICT_STALE", "VERDICT_STALE", "VERDICT_STALE"]);
    const revoked = worker.responses.flatMap((response) => response.revoked.map(({ trial }) => trial));
    expect(revoked.sort()).toEqual(keys.map(({ trial }) => trial).sort());
    worker.finish();
    expect(await worker.over).toBe(status.OK);
  });

  test("rejects what is no outcome, and the trial fails", async () => {
    const { name } = await bench.submit("malformed");
    const worker = await WireWorker.connect(bench.worker, "broken", 3, false);
    await until(() => worker.leases.length === 3, "three leases");
    const [a, b, c] = worker.leases.map(({ key }) => key!);
    worker.send({
      outcomes: [{ key: a! }, { key: b!, measurement: { accuracy: 2 } }, { key: c!, failure: { detail: "no reason" } }],
    });
    await until(() => worker.verdicts.length === 3, "three answers");
    expect(worker.verdicts).toEqual(["VERDICT_REJECTED", "VERDICT_REJECTED", "VERDICT_REJECTED"]);
    const { trials } = (await call(bench.search, "ListTrials", { parent: name })) as { trials: object[] };
    for (const trial of trials.slice(0, 3)) {
      expect(trial).toMatchObject({ state: "STATE_FAILED", failureReason: "FAILURE_REASON_INTERNAL" });
    }
    await call(bench.search, "CancelJob", { name });
    worker.finish();
    await worker.over;
  });

  test("that is half-closed right after its outcomes still answers them", async () => {
    const { name } = await bench.submit("goodbye");
    const worker = await WireWorker.connect(bench.worker, "leaver", 2, false);
    await until(() => worker.leases.length === 2, "two leases");
    worker.send({ outcomes: worker.leases.map(({ key }) => ({ key: key!, measurement: { accuracy: 0.5 } })) });
    worker.finish();
    expect(await worker.over).toBe(status.OK);
    expect(worker.verdicts).toEqual(["VERDICT_ACCEPTED", "VERDICT_ACCEPTED"]);
    await call(bench.search, "CancelJob", { name });
  });

  test("answers thousands of outcomes sent at once, each once", async () => {
    const worker = await WireWorker.connect(bench.worker, "flood", 0, false);
    const key = { trial: "projects/default/jobs/replaced/trials/1", leaseToken: 9 };
    for (let batch = 0; batch < 20; batch += 1) {
      worker.send({ outcomes: Array.from({ length: 500 }, () => ({ key, measurement: { accuracy: 0.5 } })) });
    }
    worker.finish();
    expect(await worker.over).toBe(status.OK);
    expect(worker.verdicts).toHaveLength(10_000);
  });
});
