import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { status, type ClientWritableStream, type ServiceError } from "@grpc/grpc-js";
import { FpnasClient } from "../../client/client.ts";
import type { LeaseKey__Output } from "../../proto/gen/fpnas/v1/LeaseKey.ts";
import type { PutCheckpointRequest } from "../../proto/gen/fpnas/v1/PutCheckpointRequest.ts";
import type { PutCheckpointResponse__Output } from "../../proto/gen/fpnas/v1/PutCheckpointResponse.ts";
import { call, refused, RpcBench, WireWorker } from "../support/rpc-bench.ts";
import { until } from "../support/scheduling-clock.ts";
import { sha256 } from "../support/scheduling-table.ts";

const bench = new RpcBench();
beforeAll(() => bench.start());
afterAll(() => bench.close());

const mebibyte = 2 ** 20;

/** Begins to bring a checkpoint. */
function begin(first: PutCheckpointRequest) {
  let stream!: ClientWritableStream<PutCheckpointRequest>;
  const answer = new Promise<PutCheckpointResponse__Output>((resolve, reject) => {
    stream = bench.worker.putCheckpoint((error, response) => (error ? reject(error) : resolve(response!)));
  });
  answer.catch(() => undefined);
  stream.write(first);
  return { stream, answer };
}

function put(requests: readonly PutCheckpointRequest[]): Promise<PutCheckpointResponse__Output> {
  const { stream, answer } = begin(requests[0] ?? {});
  for (const request of requests.slice(1)) stream.write(request);
  stream.end();
  return answer;
}

/** The verdict, or the status of a refusal. */
const outcomeOf = (answer: Promise<PutCheckpointResponse__Output>): Promise<string | number> =>
  answer.then(
    ({ verdict }) => verdict,
    (error: unknown) => (error as ServiceError).code,
  );

/** Brings a checkpoint until that is answered so: what came before it may not have been read yet. */
async function untilAnswered(wanted: string | number, request: PutCheckpointRequest): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) if ((await outcomeOf(put([request]))) === wanted) return;
  throw new Error(`never answered ${wanted}`);
}

const headerOf = (workerId: string, key: LeaseKey__Output, bytes: Buffer, step = 7) => ({
  workerId,
  key,
  checkpoint: { sha256: sha256(bytes), step, sizeBytes: bytes.length },
});

async function fetch(hash: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const stream = bench.worker.fetchFile({ sha256: hash }) as AsyncIterable<{ chunk: Buffer }>;
  for await (const { chunk } of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A worker with the lease of a job's first trial. */
async function holder(jobId: string) {
  const { name } = await bench.submit(jobId);
  const worker = await WireWorker.connect(bench.worker, `${jobId}-worker`, 1, false);
  await until(() => worker.leases.length === 1, "a lease");
  const key = worker.leases[0]!.key!;
  const end = async (): Promise<void> => {
    await call(bench.search, "CancelJob", { name });
    worker.finish();
    await worker.over;
  };
  return { worker, id: `${jobId}-worker`, key, end };
}

describe("a checkpoint", () => {
  test("in pieces is stored, fetched by its hash, given with the next lease, and gone with its trial", async () => {
    const { worker, id, key, end } = await holder("whole");
    const bytes = Buffer.alloc(2 * mebibyte + 5, "weights");
    const pieces = [0, 1, 2].map((index) => ({ chunk: bytes.subarray(index * mebibyte, (index + 1) * mebibyte) }));
    expect(await put([{ header: headerOf(id, key, bytes) }, ...pieces])).toEqual({ verdict: "VERDICT_STORED" });
    expect((await fetch(sha256(bytes))).equals(bytes)).toBe(true);
    worker.send({ outcomes: [{ key, failure: { reason: "FAILURE_REASON_PREEMPTED" } }] });
    await until(() => worker.verdicts.length === 1, "an answer");
    const next = await WireWorker.connect(bench.worker, "next", 1, false);
    await until(() => next.leases.length === 1, "the next lease");
    expect(next.leases[0]).toMatchObject({
      key: { trial: key.trial, leaseToken: 2 },
      checkpoint: { sha256: sha256(bytes), step: 7, sizeBytes: bytes.length },
    });
    const late = Buffer.from("late");
    expect(await put([{ header: headerOf(id, key, late), chunk: late }])).toEqual({ verdict: "VERDICT_STALE" });
    next.finish();
    await end();
    await expect(fetch(sha256(bytes))).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  test("may be trained weights, which are fetched by their hash once the measurement has named them, and its trial is over", async () => {
    const { worker, id, key, end } = await holder("kept");
    const bytes = Buffer.alloc(mebibyte + 5, "trained");
    const weights = { sha256: sha256(bytes), sizeBytes: bytes.length };
    const pieces = [bytes.subarray(0, mebibyte), bytes.subarray(mebibyte)].map((chunk) => ({ chunk }));
    expect(await put([{ header: { workerId: id, key, weights } }, ...pieces])).toEqual({ verdict: "VERDICT_STORED" });
    worker.send({ outcomes: [{ key, measurement: { accuracy: 0.5, weights } }] });
    await until(() => worker.verdicts.length === 1, "an answer");
    expect(worker.verdicts).toEqual(["VERDICT_ACCEPTED"]);
    await end();
    expect((await fetch(weights.sha256)).equals(bytes)).toBe(true);
    const client = new FpnasClient(bench.coordinator.address);
    expect((await client.listTrials("projects/default/jobs/kept").next()).value).toMatchObject({
      measurement: { weights },
    });
    expect(bytes.equals(await client.fetchFile(weights.sha256))).toBe(true);
    client.close();
  });

  test("of no lease is stale at once, though its bytes have not come", async () => {
    const { id, key, end } = await holder("early");
    const bytes = Buffer.from("data");
    for (const other of [
      { ...key, leaseToken: 9 },
      { ...key, trial: "projects/default/jobs/none/trials/1" },
    ]) {
      const { stream, answer } = begin({ header: headerOf(id, other, bytes) });
      expect(await answer).toEqual({ verdict: "VERDICT_STALE" });
      stream.end();
    }
    expect(await put([{ header: headerOf("another", key, bytes), chunk: bytes }])).toEqual({
      verdict: "VERDICT_STALE",
    });
    expect(await put([{ header: headerOf(id, { ...key, trial: "?" }, bytes) }])).toEqual({ verdict: "VERDICT_STALE" });
    await end();
  });

  test("that is slow keeps out another of its lease, and nothing else: renewals, outcomes and other leases go on", async () => {
    const { worker, id, key, end } = await holder("slow");
    const other = await holder("beside");
    const bytes = Buffer.alloc(2 * mebibyte, "x");
    const slow = begin({ header: headerOf(id, key, bytes) });
    const small = Buffer.from("small");
    await untilAnswered(status.RESOURCE_EXHAUSTED, { header: headerOf(id, key, small), chunk: small });
    worker.send({ renewals: [key] });
    expect(await put([{ header: headerOf(other.id, other.key, small), chunk: small }])).toEqual({
      verdict: "VERDICT_STORED",
    });
    await other.end();
    for (const start of [0, mebibyte]) slow.stream.write({ chunk: bytes.subarray(start, start + mebibyte) });
    slow.stream.end();
    expect(await slow.answer).toEqual({ verdict: "VERDICT_STORED" });
    expect(worker.responses.flatMap(({ revoked }) => revoked)).toEqual([]);
    await end();
  });

  test("that is given up makes room for another of its lease", async () => {
    const { id, key, end } = await holder("abandoned");
    const bytes = Buffer.from("data");
    const { stream, answer } = begin({ header: headerOf(id, key, bytes) });
    await untilAnswered(status.RESOURCE_EXHAUSTED, { header: headerOf(id, key, bytes), chunk: bytes });
    stream.cancel();
    await expect(answer).rejects.toMatchObject({ code: status.CANCELLED });
    await untilAnswered("VERDICT_STORED", { header: headerOf(id, key, bytes), chunk: bytes });
    await end();
  });

  test("is refused where it is not what its header says", async () => {
    const { id, key, end } = await holder("wrong");
    const bytes = Buffer.from("data");
    const header = headerOf(id, key, bytes);
    const { checkpoint } = header;
    const cases: [string, PutCheckpointRequest[]][] = [
      ["header", []],
      ["header", [{ chunk: bytes }]],
      ["header.checkpoint", [{ header: { workerId: id, key } }]],
      ["header.weights", [{ header: { ...header, weights: { sha256: sha256(bytes), sizeBytes: 4 } } }]],
      ["header.weights.sha256", [{ header: { workerId: id, key, weights: { sha256: "x", sizeBytes: 4 } } }]],
      ["header.weights.size_bytes", [{ header: { workerId: id, key, weights: { sha256: sha256(bytes) } } }]],
      ["header.checkpoint.sha256", [{ header: { ...header, checkpoint: { ...checkpoint, sha256: "x" } } }]],
      ["header.checkpoint.step", [{ header: { ...header, checkpoint: { ...checkpoint, step: 0 } } }]],
      ["header.checkpoint.size_bytes", [{ header: { ...header, checkpoint: { ...checkpoint, sizeBytes: 0 } } }]],
      [
        "header.checkpoint.size_bytes",
        [{ header: { ...header, checkpoint: { ...checkpoint, sizeBytes: 5 } }, chunk: bytes }],
      ],
      ["sha256", [{ header }, { chunk: Buffer.from("other") }]],
      ["chunk", [{ header }, { chunk: Buffer.alloc(mebibyte + 1) }]],
    ];
    for (const [field, requests] of cases) {
      const refusal = await refused(put(requests));
      expect(refusal).toMatchObject({ code: status.INVALID_ARGUMENT, fields: [{ field }] });
    }
    await end();
  });

  test("of over 256 MiB is refused as soon as it is", async () => {
    const { id, key, end } = await holder("large");
    const chunk = Buffer.alloc(mebibyte);
    const header = { ...headerOf(id, key, chunk), checkpoint: { sha256: "0".repeat(64), step: 1, sizeBytes: 2 ** 29 } };
    expect(await refused(put([{ header }, ...Array.from({ length: 257 }, () => ({ chunk }))]))).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      info: { reason: "FILE_TOO_LARGE" },
    });
    await end();
  });
});
