import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client, credentials, status } from "@grpc/grpc-js";
import { once } from "node:events";
import { connect } from "node:http2";
import { createServer } from "node:net";
import { startCoordinator } from "../../coordinator/serve.ts";
import { healthOf } from "../support/grpc-health.ts";
import type { Job__Output } from "../../proto/gen/fpnas/v1/Job.ts";
import type { Round__Output } from "../../proto/gen/fpnas/v1/Round.ts";
import type { Trial__Output } from "../../proto/gen/fpnas/v1/Trial.ts";
import type { JobResult } from "../../spec/result.ts";
import { call, refused, RpcBench, WireWorker } from "../support/rpc-bench.ts";
import { silent } from "../support/scheduling-bench.ts";
import { until } from "../support/scheduling-clock.ts";
import { sha256, smallTable, tabularSpec } from "../support/scheduling-table.ts";

const bench = new RpcBench();
beforeAll(() => bench.start());
afterAll(() => bench.close());

const parent = "projects/default";
const nobody = `${parent}/jobs/nobody`;

describe("a tabular job over gRPC", () => {
  test("goes from upload to result, and its trials and rounds can be paged", async () => {
    const created = await bench.submit("whole");
    expect(created).toMatchObject({ name: `${parent}/jobs/whole`, state: "STATE_RUNNING", resultJson: "", error: "" });
    expect(JSON.parse(created.specJson)).toMatchObject({ name: "small", seed: 7, search: { budget: { trials: 30 } } });
    const worker = await WireWorker.connect(bench.worker, "w1", 2);
    const job = await bench.ended(created.name);
    expect(job).toMatchObject({ state: "STATE_SUCCEEDED", error: "" });
    expect(job.endTimeMs).toBeGreaterThanOrEqual(job.createTimeMs);
    expect(job.progress).toMatchObject({
      trialsCreated: 30,
      trialsEnded: 30,
      trialsFailed: 0,
      trialsBudget: 30,
      workers: 1,
    });
    const result = JSON.parse(job.resultJson) as JobResult;
    expect(job.progress!.best).toMatchObject({ accuracy: result.measurement.accuracy, macs: result.macs });
    expect(new Set(worker.verdicts)).toEqual(new Set(["VERDICT_ACCEPTED"]));

    const trials: Trial__Output[] = [];
    for (let pageToken = "", pages = 0; pages === 0 || pageToken !== ""; pages += 1) {
      const page = await call(bench.search, "ListTrials", { parent: job.name, pageSize: 7, pageToken });
      expect((page["trials"] as unknown[]).length).toBeLessThanOrEqual(7);
      trials.push(...(page["trials"] as Trial__Output[]));
      pageToken = page["nextPageToken"] as string;
    }
    expect(trials.map(({ name }) => name)).toEqual(
      Array.from({ length: 30 }, (_, index) => `${job.name}/trials/${index + 1}`),
    );
    expect(trials[0]).toMatchObject({
      state: "STATE_COMPLETED",
      role: "ROLE_SEARCH",
      attempts: 1,
      workerId: "w1",
      failureReason: "FAILURE_REASON_UNSPECIFIED",
      network: { tableRow: { tableSha256: sha256(smallTable()), arms: trials[0]!.arms } },
    });
    const { rounds } = (await call(bench.search, "ListRounds", { parent: job.name })) as { rounds: Round__Output[] };
    expect(rounds.map(({ round }) => round)).toEqual(rounds.map((_, index) => index + 1));
    expect(rounds.reduce((sum, { newTrials }) => sum + newTrials, 0)).toBe(30);
    expect(rounds[0]!.marginals.map(({ choice }) => choice)).toEqual(["a", "b", "c", "d"]);
    for (const { probabilities } of rounds.at(-1)!.marginals) {
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    }
    worker.finish();
    expect(await worker.over).toBe(status.OK);
  });

  test("is listed, newest first, a page at a time", async () => {
    for (const id of ["one", "two", "three"]) {
      await call(bench.search, "CancelJob", { name: (await bench.submit(id)).name });
    }
    const names: string[] = [];
    for (let pageToken = "", pages = 0; pages === 0 || pageToken !== ""; pages += 1) {
      const page = await call(bench.search, "ListJobs", { pageSize: 2, pageToken });
      names.push(...(page["jobs"] as Job__Output[]).map(({ name }) => name));
      pageToken = page["nextPageToken"] as string;
    }
    const ids = names.map((name) => name.slice(`${parent}/jobs/`.length));
    expect(ids.filter((id) => ["one", "two", "three"].includes(id)).sort()).toEqual(["one", "three", "two"]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await call(bench.search, "ListJobs", { parent: "projects/empty" })).toMatchObject({
      jobs: [],
      nextPageToken: "",
    });
  });

  test("pauses, resumes and is cancelled, and a repeat with its request id changes nothing", async () => {
    const { name } = await bench.submit("controlled", { requestId: "create-controlled" });
    expect(await bench.submit("controlled", { requestId: "create-controlled" })).toMatchObject({ name });
    const pause = { name, requestId: "pause-controlled" };
    expect(await call(bench.search, "PauseJob", pause)).toMatchObject({ job: { state: "STATE_PAUSED" } });
    expect(await call(bench.search, "ResumeJob", { name })).toMatchObject({ job: { state: "STATE_RUNNING" } });
    expect(await call(bench.search, "PauseJob", pause)).toMatchObject({ job: { state: "STATE_PAUSED" } });
    expect(await call(bench.search, "GetJob", { name })).toMatchObject({ job: { state: "STATE_RUNNING" } });
    expect(await call(bench.search, "CancelJob", { name })).toMatchObject({ job: { state: "STATE_CANCELLED" } });
    expect(await refused(call(bench.search, "CancelJob", { name }))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      info: { reason: "WRONG_STATE", domain: "fpnas" },
    });
  });

  test("goes on after its coordinator was stopped and started, and ends as an undisturbed one", async () => {
    const other = new RpcBench();
    await other.start();
    const { name } = await other.submit("restarted");
    const before = await WireWorker.connect(other.worker, "w1", 1, false);
    for (let count = 1; count <= 6; count += 1) {
      await until(() => before.leases.length === count, "another lease");
      if (count < 6) before.evaluate(before.leases.slice(-1), 1);
    }
    await other.stop();
    expect(await before.over).toBe(status.UNAVAILABLE);
    await other.start();
    // The worker comes back as workers do: it says again all that it cannot know to have arrived.
    const held = before.leases.map(({ key }) => key!);
    const after = await WireWorker.connect(other.worker, "w1", 2, true, held);
    after.evaluate(before.leases);
    const job = await other.ended(name);
    expect(after.verdicts.slice(0, 6)).toEqual(before.leases.map(() => "VERDICT_ACCEPTED"));
    const whole = (await call(bench.search, "GetJob", { name: `${parent}/jobs/whole` }))["job"] as Job__Output;
    const [result, expected] = [job, whole].map(({ resultJson }) => JSON.parse(resultJson) as JobResult);
    expect(job.progress!.trialsEnded).toBe(30);
    expect(JSON.stringify(result!.distribution)).toBe(JSON.stringify(expected!.distribution));
    expect(result!.network).toEqual(expected!.network);
    await other.close();
  });
});

describe("a wrong request", () => {
  test("for a job tells every mistake of the spec with its path", async () => {
    const specJson = JSON.stringify(tabularSpec({ budget: { trials: -1 }, algoritm: {}, seed: "x" }));
    const refusal = await refused(call(bench.search, "CreateJob", { specJson }));
    expect(refusal).toMatchObject({ code: status.INVALID_ARGUMENT, info: { reason: "INVALID_SPEC", domain: "fpnas" } });
    expect(refusal.fields.map(({ field }) => field)).toEqual(expect.arrayContaining(["budget.trials", "seed"]));
    expect(refusal.fields.length).toBeGreaterThanOrEqual(3);
    expect(refusal.details).toContain("budget.trials");
  });

  test.each([
    ["a spec that is no JSON", "CreateJob", { specJson: "{" }, status.INVALID_ARGUMENT, ""],
    ["a spec of over 1 MiB", "CreateJob", { specJson: " ".repeat(2 ** 20 + 1) }, status.INVALID_ARGUMENT, "spec_json"],
    [
      "a project that is no name",
      "CreateJob",
      { parent: "default", specJson: "{}" },
      status.INVALID_ARGUMENT,
      "parent",
    ],
    [
      "a file hash that is none",
      "CreateJob",
      { specJson: "{}", files: { a: "b" } },
      status.INVALID_ARGUMENT,
      'files["a"]',
    ],
    ["a job that is no name", "GetJob", { name: "jobs/one" }, status.INVALID_ARGUMENT, "name"],
    [
      "a page token of another list",
      "ListTrials",
      { parent: `${parent}/jobs/whole`, pageToken: "x" },
      status.INVALID_ARGUMENT,
      "page_token",
    ],
    [
      "a request id that is too long",
      "PauseJob",
      { name: nobody, requestId: "x".repeat(129) },
      status.INVALID_ARGUMENT,
      "request_id",
    ],
  ] as const)("with %s names the field", async (_, method, request, code, field) => {
    const refusal = await refused(call(bench.search, method, request));
    expect(refusal).toMatchObject({ code, info: { domain: "fpnas" } });
    expect(refusal.fields.map((violation) => violation.field)).toEqual([field]);
  });

  test.each(["GetJob", "PauseJob", "ResumeJob", "CancelJob", "ListTrials", "ListRounds"] as const)(
    "%s of a job that is not there is NOT_FOUND",
    async (method) => {
      const refusal = await refused(call(bench.search, method, { name: nobody, parent: nobody }));
      expect(refusal).toMatchObject({ code: status.NOT_FOUND, info: { reason: "JOB_NOT_FOUND" } });
    },
  );

  test("to watch a job that is not there is NOT_FOUND", async () => {
    await expect(bench.ended(nobody)).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  test("for a job whose file was not uploaded is FAILED_PRECONDITION, and for a taken id ALREADY_EXISTS", async () => {
    const specJson = JSON.stringify(tabularSpec());
    const missing = { specJson, files: { "small.json": "0".repeat(64) } };
    expect(await refused(call(bench.search, "CreateJob", missing))).toMatchObject({
      code: status.FAILED_PRECONDITION,
      info: { reason: "FILE_NOT_UPLOADED" },
    });
    const taken = { jobId: "whole", specJson, files: { "small.json": sha256(smallTable()) } };
    expect(await refused(call(bench.search, "CreateJob", taken))).toMatchObject({ code: status.ALREADY_EXISTS });
    const checked = await call(bench.search, "CreateJob", { ...taken, jobId: "checked", validateOnly: true });
    expect(checked).toMatchObject({ job: { name: `${parent}/jobs/checked` } });
    expect(await refused(call(bench.search, "GetJob", { name: `${parent}/jobs/checked` }))).toMatchObject({
      code: status.NOT_FOUND,
    });
  });
});

describe("uploading", () => {
  const bytes = Buffer.alloc(3 * 2 ** 20, "fpnas");

  test("takes a file in pieces, twice alike, and workers fetch the same bytes", async () => {
    const pieces = [0, 1, 2].map((index) => ({ chunk: bytes.subarray(index * 2 ** 20, (index + 1) * 2 ** 20) }));
    const file = [{ sha256: sha256(bytes) }, ...pieces];
    expect(await bench.upload(file)).toEqual({ sha256: sha256(bytes), sizeBytes: bytes.length });
    expect(await bench.upload(file)).toEqual({ sha256: sha256(bytes), sizeBytes: bytes.length });
    const chunks: Buffer[] = [];
    const stream = bench.worker.fetchFile({ sha256: sha256(bytes) }) as AsyncIterable<{ chunk: Buffer }>;
    for await (const { chunk } of stream) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    expect(chunks).toHaveLength(3);
  });

  test.each([
    ["bytes that do not have the hash", [{ sha256: "0".repeat(64), chunk: Buffer.from("x") }], status.INVALID_ARGUMENT],
    ["no hash", [{ chunk: Buffer.from("x") }], status.INVALID_ARGUMENT],
    ["nothing", [], status.INVALID_ARGUMENT],
    ["a piece of over 1 MiB", [{ sha256: "0".repeat(64), chunk: Buffer.alloc(2 ** 20 + 1) }], status.INVALID_ARGUMENT],
  ])("refuses %s", async (_, pieces, code) => {
    expect(await refused(bench.upload(pieces))).toMatchObject({ code });
  });

  test("refuses a file of over 256 MiB as soon as it is", async () => {
    const chunk = Buffer.alloc(2 ** 20);
    const pieces = Array.from({ length: 257 }, () => ({ sha256: "0".repeat(64), chunk }));
    expect(await refused(bench.upload(pieces))).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      info: { reason: "FILE_TOO_LARGE" },
    });
  });

  test("a file that nobody uploaded is NOT_FOUND", async () => {
    const stream = bench.worker.fetchFile({ sha256: "0".repeat(64) });
    const first = (stream as AsyncIterable<object>)[Symbol.asyncIterator]().next();
    await expect(first).rejects.toMatchObject({ code: status.NOT_FOUND });
  });
});

describe("the server", () => {
  const services = ["fpnas.v1.SearchService", "fpnas.v1.WorkerService", "fpnas.v1.WeightsService"];
  test.each(["", ...services])("tells that it serves %p", async (service) => {
    expect(await healthOf(bench.coordinator.address, service)).toBe("SERVING");
  });

  test("tells its health on a port of its own where one is given", async () => {
    const health = await new Promise<string>((resolve) => {
      const probe = createServer().listen(0, "127.0.0.1", () => {
        const { port } = probe.address() as { port: number };
        probe.close(() => resolve(`127.0.0.1:${port}`));
      });
    });
    const place = { store: "memory:", weights: null };
    const config = { listen: "127.0.0.1:0", advertise: null, ...place, leaseTtlMs: 30_000, logger: silent };
    const coordinator = await startCoordinator({ ...config, health });
    expect(await healthOf(health)).toBe("SERVING");
    await coordinator.stop();
    await coordinator.stop();
    await expect(healthOf(health)).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  test("lets a caller send a mebibyte ahead of its reading", async () => {
    const session = connect(`http://${bench.coordinator.address}`);
    await once(session, "connect");
    // What was said as the session opened comes before the answer.
    await new Promise((resolve) => session.ping((_error, ms) => resolve(ms)));
    expect(session.remoteSettings.initialWindowSize).toBe(2 ** 20);
    expect(session.state.remoteWindowSize).toBe(2 ** 20);
    await new Promise<void>((resolve) => session.close(resolve));
  });

  test("lists its services by reflection", async () => {
    const stub = new Client(bench.coordinator.address, credentials.createInsecure());
    const call = stub.makeBidiStreamRequest(
      "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
      // ServerReflectionRequest{list_services: ""}: field 7, length 0.
      () => Buffer.from([0x3a, 0x00]),
      (bytes) => bytes.toString("latin1"),
    );
    const answer = new Promise<string>((resolve, reject) => call.once("data", resolve).once("error", reject));
    call.write({});
    for (const service of services) expect(await answer).toContain(service);
    call.end();
    stub.close();
  });

  test("that cannot listen, or cannot have its store, says where", async () => {
    const config = { advertise: null, health: null, weights: null, leaseTtlMs: 30_000, logger: silent };
    const { address } = bench.coordinator;
    await expect(startCoordinator({ ...config, listen: address, store: "memory:" })).rejects.toThrow(address);
    const store = `sqlite:${bench.folder}/store.db`;
    await expect(startCoordinator({ ...config, listen: "127.0.0.1:0", store })).rejects.toMatchObject({ code: "busy" });
  });
});
