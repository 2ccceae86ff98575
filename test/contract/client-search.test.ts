import { createHash } from "node:crypto";
import { afterEach, describe, expect, test } from "@jest/globals";
import * as grpc from "@grpc/grpc-js";
import type { CreateJobRequest__Output } from "../../proto/gen/fpnas/v1/CreateJobRequest.ts";
import type { SearchServiceHandlers } from "../../proto/gen/fpnas/v1/SearchService.ts";
import type { UploadFileRequest__Output } from "../../proto/gen/fpnas/v1/UploadFileRequest.ts";
import { ClientBench, collect } from "../support/client-bench.ts";
import { badRequest, statusError, wireJob } from "../support/client-scripted-server.ts";

const bench = new ClientBench();
afterEach(() => bench.close());

describe("a job that is submitted", () => {
  /** Stores what is uploaded and echoes what is created. */
  function store() {
    const uploads: UploadFileRequest__Output[][] = [];
    const created: CreateJobRequest__Output[] = [];
    const handlers: Partial<SearchServiceHandlers> = {
      UploadFile: (call, callback) => {
        const parts: UploadFileRequest__Output[] = [];
        uploads.push(parts);
        call.on("data", (part: UploadFileRequest__Output) => parts.push(part));
        call.on("end", () => callback(null, { sha256: parts[0]?.sha256 ?? "" }));
      },
      CreateJob: (call, callback) => {
        created.push(call.request);
        callback(null, { job: wireJob({ specJson: call.request.specJson }) });
      },
    };
    return { uploads, created, handlers };
  }

  test("sends every file before it, by hash and in chunks of at most 1 MiB", async () => {
    const { uploads, created, handlers } = store();
    const client = await bench.connect(handlers);
    const large = new Uint8Array(2.5 * 2 ** 20).map((_, index) => index % 251);
    const files = new Map([
      ["tables/large.json", large],
      ["empty", new Uint8Array(0)],
    ]);
    await client.createJob({ spec: { a: 1 }, files });
    const hashes = [...files.values()].map((bytes) => createHash("sha256").update(bytes).digest("hex"));
    expect(created[0]?.files).toEqual({ "tables/large.json": hashes[0], empty: hashes[1] });
    expect(uploads.map((parts) => parts[0]?.sha256)).toEqual(hashes);
    expect(uploads[0]?.map(({ chunk }) => chunk.length)).toEqual([2 ** 20, 2 ** 20, 2 ** 19]);
    expect(Buffer.concat(uploads[0]!.map(({ chunk }) => chunk)).equals(large)).toBe(true);
    expect(uploads[1]?.map(({ chunk }) => chunk.length)).toEqual([0]);
  });

  test("is the same from an object, JSON text and YAML text", async () => {
    const { created, handlers } = store();
    const client = await bench.connect(handlers);
    for (const spec of [{ space: { file: "s" } }, '{"space": {"file": "s"}}', "space:\n  file: s\n"]) {
      await client.createJob({ spec });
    }
    expect(created.map(({ specJson }) => specJson)).toEqual(Array.from({ length: 3 }, () => '{"space":{"file":"s"}}'));
  });

  test("carries what is asked for, and a request id of its own where none is given", async () => {
    const { created, handlers } = store();
    const client = await bench.connect(handlers);
    await client.createJob({ spec: {}, parent: "projects/p", jobId: "j", requestId: "r", validateOnly: true });
    await client.createJob({ spec: {} });
    await client.createJob({ spec: {} });
    expect(created[0]).toMatchObject({ parent: "projects/p", jobId: "j", requestId: "r", validateOnly: true });
    expect(created[1]).toMatchObject({ parent: "", jobId: "", validateOnly: false });
    expect(created[1]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(created[2]?.requestId).not.toBe(created[1]?.requestId);
  });

  test("that has mistakes is refused with each of them", async () => {
    const violations = [
      { field: "budget.trials", description: "must be at least 1." },
      { field: "", description: "is empty." },
    ];
    const client = await bench.connect({ CreateJob: (_, callback) => callback(badRequest(violations)) });
    await expect(client.createJob({ spec: {} })).rejects.toMatchObject({
      name: "FpnasError",
      code: "invalid",
      message: "the spec has mistakes",
      mistakes: [
        { path: "budget.trials", message: "must be at least 1." },
        { path: "", message: "is empty." },
      ],
    });
  });

  test("that is no YAML is refused before anything is sent", async () => {
    const client = await bench.connect({});
    await expect(client.createJob({ spec: "a: [" })).rejects.toMatchObject({
      code: "invalid",
      mistakes: [{ path: "" }],
    });
  });

  test("that is too large to be stored is refused with what the coordinator says", async () => {
    const client = await bench.connect({
      UploadFile: (_, callback) => callback(statusError(grpc.status.RESOURCE_EXHAUSTED, "at most 256 MiB")),
    });
    const files = new Map([["f", new Uint8Array(3 * 2 ** 20)]]);
    await expect(client.createJob({ spec: {}, files })).rejects.toMatchObject({
      code: "resource_exhausted",
      message: "at most 256 MiB",
    });
  });
});

describe("what is read", () => {
  test("a job is plain data, with null for what is not known", async () => {
    const client = await bench.connect({ GetJob: (_, callback) => callback(null, { job: wireJob() }) });
    expect(await client.getJob("projects/default/jobs/j")).toEqual({
      name: "projects/default/jobs/j",
      state: "running",
      spec: { name: "j" },
      createTimeMs: 1_700_000_000_000,
      endTimeMs: null,
      result: null,
      error: null,
      progress: {
        stage: null,
        rounds: 0,
        draws: 0,
        roundDraws: 0,
        trialsCreated: 0,
        trialsEnded: 0,
        trialsFailed: 0,
        trialsBudget: null,
        entropy: 1.5,
        entropyStart: 2,
        best: null,
        workers: 0,
        finalEnded: 0,
        finalTotal: 0,
      },
    });
  });

  test("a job that ended has its result, its best trial and numbers beyond 32 bits", async () => {
    const best = { trial: "t", accuracy: 0.5, macs: 2 ** 40, params: 0 };
    const job = wireJob({
      state: "STATE_SUCCEEDED",
      endTimeMs: 1_700_000_000_001,
      resultJson: '{"draws":3}',
      progress: { stage: "final", trialsBudget: 9, best },
    });
    const client = await bench.connect({ GetJob: (_, callback) => callback(null, { job }) });
    expect(await client.getJob("n")).toMatchObject({
      state: "succeeded",
      endTimeMs: 1_700_000_000_001,
      result: { draws: 3 },
      progress: { stage: "final", trialsBudget: 9, best: { trial: "t", accuracy: 0.5, macs: 2 ** 40, params: null } },
    });
  });

  test.each(["pauseJob", "resumeJob", "cancelJob"] as const)(
    "%s names the job and carries a request id",
    async (method) => {
      const seen: unknown[] = [];
      const answer: SearchServiceHandlers["PauseJob"] = (call, callback) => {
        seen.push(call.request);
        callback(null, { job: wireJob({ state: "STATE_PAUSED" }) });
      };
      const client = await bench.connect({ PauseJob: answer, ResumeJob: answer, CancelJob: answer });
      expect((await client[method]("n")).state).toBe("paused");
      await client[method]("n", "r");
      expect(seen).toMatchObject([
        { name: "n", requestId: expect.stringMatching(/.{36}/) },
        { name: "n", requestId: "r" },
      ]);
    },
  );

  test("jobs come page by page, as far as they are read", async () => {
    const tokens: string[] = [];
    const client = await bench.connect({
      ListJobs: (call, callback) => {
        tokens.push(call.request.pageToken);
        const page = Number(call.request.pageToken || "0");
        callback(null, { jobs: [wireJob({ name: `${page}` })], nextPageToken: page < 2 ? `${page + 1}` : "" });
      },
    });
    expect((await collect(client.listJobs())).map(({ name }) => name)).toEqual(["0", "1", "2"]);
    for await (const job of client.listJobs()) {
      expect(job.name).toBe("0");
      break;
    }
    expect(tokens).toEqual(["", "1", "2", ""]);
  });

  test("trials and rounds are plain data", async () => {
    const client = await bench.connect({
      ListTrials: (_, callback) =>
        callback(null, {
          trials: [
            {
              name: "projects/default/jobs/j/trials/1",
              state: "STATE_COMPLETED",
              role: "ROLE_SEARCH",
              network: { tableRow: { tableSha256: "a".repeat(64), arms: [1] } },
              arms: [1],
              round: 1,
              measurement: { accuracy: 0.5, loss: 0, steps: 3, extra: { s: 1 } },
              attempts: 1,
              workerId: "w",
              leaseTimeMs: 5,
              endTimeMs: 6,
              endedAttempts: { lost: 2, timedOut: 1 },
            },
            {
              name: "projects/default/jobs/j/trials/2",
              state: "STATE_INFEASIBLE",
              role: "ROLE_FINAL_RANDOM",
              network: { tableRow: { tableSha256: "a".repeat(64), arms: [0] } },
              failureReason: "FAILURE_REASON_INFEASIBLE",
              failureDetail: "not listed",
            },
          ],
        }),
      ListRounds: (_, callback) =>
        callback(null, {
          rounds: [{ round: 1, stage: "coarse", draws: 8, marginals: [{ choice: "a", probabilities: [0.5, 0.5] }] }],
        }),
    });
    expect(await collect(client.listTrials("n"))).toEqual([
      {
        name: "projects/default/jobs/j/trials/1",
        state: "completed",
        role: "search",
        network: { type: "tableRow", tableSha256: "a".repeat(64), arms: [1] },
        arms: [1],
        round: 1,
        macs: null,
        params: null,
        measurement: { accuracy: 0.5, loss: 0, steps: 3, extra: { s: 1 } },
        failure: null,
        attempts: 1,
        endedAttempts: { preempted: 0, lost: 2, failed: 0, infeasible: 0, timedOut: 1 },
        workerId: "w",
        leaseTimeMs: 5,
        endTimeMs: 6,
        reusedFrom: null,
      },
      expect.objectContaining({
        state: "infeasible",
        role: "final_random",
        round: null,
        measurement: null,
        failure: { reason: "infeasible", detail: "not listed" },
        workerId: null,
        leaseTimeMs: null,
        endTimeMs: null,
      }),
    ]);
    expect(await collect(client.listRounds("n"))).toEqual([
      {
        round: 1,
        stage: "coarse",
        draws: 8,
        newTrials: 0,
        entropy: 0,
        marginals: [{ choice: "a", probabilities: [0.5, 0.5] }],
        bestAccuracy: 0,
      },
    ]);
  });

  test("a job that makes no sense is an internal error that says what is wrong", async () => {
    const jobs = [wireJob({ specJson: "{" }), wireJob({ state: "STATE_UNSPECIFIED" }), wireJob({ progress: null })];
    const client = await bench.connect({ GetJob: (_, callback) => callback(null, { job: jobs.shift() ?? null }) });
    for (const message of [/spec that is no JSON/, /no state of a job/, /no progress/, /no job/]) {
      const error: unknown = await client.getJob("n").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "FpnasError", code: "internal", message: expect.stringMatching(message) });
    }
  });
});
