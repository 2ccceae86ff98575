import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { credentials, status } from "@grpc/grpc-js";
import { Room } from "../../coordinator/rpc/room.ts";
import { fetchWeights } from "../../coordinator/rpc/weights-fetch.ts";
import { serveStore } from "../../coordinator/serve.ts";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import { weightsService } from "../../proto/load.ts";
import { decodeWeights, encodeWeights } from "../../network/weights-codec.ts";
import type { FetchWeightsRequest } from "../../proto/gen/fpnas/v1/FetchWeightsRequest.ts";
import type { PutUpdateRequest } from "../../proto/gen/fpnas/v1/PutUpdateRequest.ts";
import type { FetchWeightsResponse__Output } from "../../proto/gen/fpnas/v1/FetchWeightsResponse.ts";
import { call, refused } from "../support/rpc-bench.ts";
import { MemoryWeights } from "../support/memory-weights.ts";
import { silent, startEngine } from "../support/scheduling-bench.ts";
import { FakeClock, until } from "../support/scheduling-clock.ts";
import { sha256 } from "../support/scheduling-table.ts";
import { jobOf, updateOf, WeightsBench, wholeRequest, wireSlices, type HeldDraw } from "../support/weights-bench.ts";

const bench = new WeightsBench();
beforeAll(() => bench.start());
afterAll(() => bench.close());

const mebibyte = 2 ** 20;
const key = (jobId: string) => `default/${jobId}`;
const bytesOf = (pieces: readonly FetchWeightsResponse__Output[]) => Buffer.concat(pieces.map(({ chunk }) => chunk));

describe("weights that are fetched", () => {
  let held: HeldDraw;
  beforeAll(async () => {
    held = await bench.hold("fetching");
  });
  afterAll(() => bench.release(held));

  test("come in pieces of at most a mebibyte, in the order asked for, with the hash beside the last", async () => {
    const request = wholeRequest(held);
    const pieces = await bench.fetch(request);
    const bytes = bytesOf(pieces);
    expect(pieces.length).toBeGreaterThan(8);
    expect(Math.max(...pieces.map(({ chunk }) => chunk.length))).toBe(mebibyte);
    const hashes = pieces.map((piece) => piece.sha256);
    expect(hashes).toEqual([...hashes.slice(1).fill(""), sha256(bytes)]);
    const values = decodeWeights(bytes, held.slices, "float32");
    const scale = values[held.slices.findIndex(({ tensor }) => tensor.endsWith("/scale"))]!;
    expect([...scale]).toEqual([...scale.fill(1)]);
    const reversed = await bench.fetch({ ...request, slices: wireSlices(held.slices).reverse() });
    const backwards = decodeWeights(bytesOf(reversed), held.slices.toReversed(), "float32").toReversed();
    expect(bytes.equals(encodeWeights(backwards, "float32"))).toBe(true);
    const half = await bench.fetch({ ...request, precision: "PRECISION_FLOAT16" });
    expect(bytesOf(half)).toHaveLength(bytes.length / 2);
  });

  test("follow the caller's pace: who reads nothing has little read for him", async () => {
    const before = bench.read.chunks;
    const stream = bench.weights.fetchWeights(wholeRequest(held));
    stream.pause();
    await bench.until(() => bench.read.chunks > before + 1, "the first chunks");
    for (let calls = 0; calls < 50; calls += 1) await call(bench.search, "GetJob", { name: jobOf(held.lease) });
    expect(bench.read.chunks - before).toBeLessThanOrEqual(7);
    const pieces: FetchWeightsResponse__Output[] = [];
    for await (const piece of stream) pieces.push(piece as FetchWeightsResponse__Output);
    expect(pieces.at(-1)!.sha256).toBe(sha256(bytesOf(pieces)));
    expect(bench.read.chunks - before).toBeGreaterThan(12);
  });

  test("are let go when the caller goes", async () => {
    const before = { ...bench.read };
    const stream = bench.weights.fetchWeights(wholeRequest(held));
    stream.on("error", () => undefined);
    stream.once("data", () => stream.cancel());
    await bench.until(() => bench.read.ended > before.ended, "the end of the fetch");
    expect(bench.read.chunks - before.chunks).toBeLessThan(8);
  });

  test("are refused where they are not there, by the field that is wrong", async () => {
    const request = wholeRequest(held);
    const [first, ...rest] = wireSlices(held.slices);
    const cases: [string, Partial<FetchWeightsRequest>][] = [
      ["job", { job: "fetching" }],
      ["version", { version: 0 }],
      ["precision", { precision: "PRECISION_UNSPECIFIED" }],
      ["slices", { slices: [] }],
      ["slices[0].tensor", { slices: [{ ...first, tensor: "other" }] }],
      [`slices[${held.slices.length}].tensor`, { slices: [first!, ...rest, first!] }],
      ["slices[0].shape", { slices: [{ ...first, shape: [3, 3, 1, 5] }] }],
      ["slices[0].shape", { slices: [{ ...first, shape: [3, 3, 0, 4] }] }],
      ["slices[0].shape", { slices: [{ ...first, shape: [3, 3, 4] }] }],
    ];
    for (const [field, change] of cases) {
      const refusal = await refused(bench.fetch({ ...request, ...change }));
      expect(refusal).toMatchObject({ code: status.INVALID_ARGUMENT, fields: [{ field }] });
    }
    for (const change of [{ version: 7 }, { job: "projects/default/jobs/none" }]) {
      const refusal = await refused(bench.fetch({ ...request, ...change }));
      expect(refusal).toMatchObject({ code: status.NOT_FOUND, info: { reason: "WEIGHTS_NOT_FOUND" } });
    }
  });
});

test("a fetch that would hold too much memory beside others is refused, until one of them has ended", async () => {
  const weights = new MemoryWeights();
  const engine = await startEngine(createMemoryStorage(), new FakeClock(), weights);
  const spec = { space: "mbconv-small", evaluator: { supernet: { dataset: "mnist" } } };
  const job = { project: "default", jobId: "crowded", files: new Map(), requestId: "", validateOnly: false, spec };
  await engine.createJob(job);
  await until(() => weights.merges.length === 1, "the first version");
  const room = new Room(300, "TOO_MANY_FETCHES", "too many");
  const slices = [{ tensor: "stem/conv3", shape: [3, 3, 1, 8] }];
  const request = { job: "projects/default/jobs/crowded", version: 1, slices, precision: "PRECISION_FLOAT32" } as const;
  const fetch = () => fetchWeights({ leading: () => Promise.resolve(engine) }, request, room);
  const first = fetch();
  await first.next();
  await expect(fetch().next()).rejects.toMatchObject({ code: "resourceExhausted", reason: "TOO_MANY_FETCHES" });
  await first.return();
  await expect(fetch().next()).resolves.toMatchObject({ done: false });
  await engine.stop();
});

describe("an update", () => {
  test("is stored as it comes, and durable when it is answered", async () => {
    const held = await bench.hold("whole");
    const { header, pieces } = updateOf(held);
    expect(pieces.length).toBeGreaterThan(8);
    expect(await bench.store.hasUpdate(key("whole"), header.sha256)).toBe(false);
    expect(await bench.put([{ header }, ...pieces])).toEqual({ verdict: "VERDICT_STORED" });
    expect(await bench.store.hasUpdate(key("whole"), header.sha256)).toBe(true);
    expect(await bench.put([{ header, ...pieces[0] }, ...pieces.slice(1)])).toEqual({ verdict: "VERDICT_STORED" });
    await bench.release(held);
  });

  test("of a lease that is over is stale at once, though its bytes have not come, and is not stored", async () => {
    const held = await bench.hold("early");
    const { header, pieces } = updateOf(held);
    const leaseKey = header.key!;
    for (const change of [
      { key: { ...leaseKey, leaseToken: 9 } },
      { key: { ...leaseKey, trial: "projects/default/jobs/none/trials/1" } },
      { key: { ...leaseKey, trial: "?" } },
      { workerId: "another" },
    ]) {
      const { stream, answer } = bench.begin({ header: { ...header, ...change } });
      expect(await answer).toEqual({ verdict: "VERDICT_STALE" });
      stream.end();
    }
    held.worker.send({ outcomes: [{ key: leaseKey, failure: { reason: "FAILURE_REASON_PREEMPTED" } }] });
    await bench.until(() => held.worker.verdicts.length === 1, "an answer");
    expect(await bench.put([{ header }, ...pieces])).toEqual({ verdict: "VERDICT_STALE" });
    expect(await bench.store.hasUpdate(key("early"), header.sha256)).toBe(false);
    await bench.release(held);
  });

  test("whose lease ends while it comes in is stale", async () => {
    const held = await bench.hold("midway");
    const { header, pieces } = updateOf(held);
    const { stream, answer } = bench.begin({ header });
    stream.write(pieces[0]!);
    held.worker.send({ outcomes: [{ key: header.key!, failure: { reason: "FAILURE_REASON_PREEMPTED" } }] });
    await bench.until(() => held.worker.verdicts.length === 1, "an answer");
    for (const piece of pieces.slice(1)) stream.write(piece);
    stream.end();
    expect(await answer).toEqual({ verdict: "VERDICT_STALE" });
    await bench.release(held);
  });

  test("that breaks off leaves nothing, and is stored when it is sent again", async () => {
    const held = await bench.hold("broken");
    const { header, pieces } = updateOf(held);
    const { stream, answer } = bench.begin({ header });
    stream.write(pieces[0]!);
    await bench.until(() => bench.unfinished("broken").length === 1, "that it is being stored");
    stream.cancel();
    await expect(answer).rejects.toMatchObject({ code: status.CANCELLED });
    expect(await bench.store.hasUpdate(key("broken"), header.sha256)).toBe(false);
    expect(await bench.put([{ header }, ...pieces])).toEqual({ verdict: "VERDICT_STORED" });
    await bench.until(() => bench.unfinished("broken").length === 0, "that nothing is left unfinished");
    await bench.release(held);
  });

  test("is refused by the field that is wrong where it is not what its header says, or not that of the trial", async () => {
    const held = await bench.hold("wrong");
    const { header, pieces } = updateOf(held);
    const [first, ...rest] = header.slices;
    const large = Buffer.alloc(mebibyte + 1);
    const infinite = Buffer.concat(pieces.map(({ chunk }) => chunk));
    infinite.writeFloatLE(Infinity, 400);
    const cut = (bytes: Buffer) =>
      pieces.map((_, index) => ({ chunk: bytes.subarray(index * mebibyte, (index + 1) * mebibyte) }));
    const cases: [string, PutUpdateRequest[]][] = [
      ["header", []],
      ["header", [{ chunk: large.subarray(1) }]],
      ["header", [{ header }, { header }]],
      ["header.sha256", [{ header: { ...header, sha256: "x" } }]],
      ["header.precision", [{ header: { ...header, precision: "PRECISION_UNSPECIFIED" } }]],
      ["header.version", [{ header: { ...header, version: 2 } }]],
      ["header.slices", [{ header: { ...header, slices: [...header.slices, first!] } }]],
      ["header.slices[0]", [{ header: { ...header, slices: rest } }]],
      ["header.slices[0]", [{ header: { ...header, slices: [{ ...first, shape: [3, 3, 1, 3] }, ...rest] } }]],
      ["header.slices", [{ header }, ...pieces.slice(1)]],
      ["header.slices", [{ header }, ...pieces, { chunk: Buffer.alloc(4) }]],
      ["header.sha256", [{ header: { ...header, sha256: "0".repeat(64) } }, ...pieces]],
      ["header.sha256", [{ header: { ...header, sha256: sha256(infinite) } }, ...cut(infinite)]],
      ["chunk", [{ header }, { chunk: large }]],
    ];
    for (const [field, requests] of cases) {
      const refusal = await refused(bench.put(requests));
      expect(refusal).toMatchObject({ code: status.INVALID_ARGUMENT, fields: [{ field }] });
    }
    await bench.release(held);
  });
});

test("a follower sends fetches and updates to the leader", async () => {
  const held = await bench.hold("led");
  const config = { listen: "127.0.0.1:0", advertise: null, health: null, leaseTtlMs: 30_000, logger: silent };
  const follower = await serveStore(bench.database.open(), { ...config, weights: bench.store });
  const stub = new weightsService(follower.address, credentials.createInsecure());
  const leader = bench.coordinator.address;
  const first = (stub.fetchWeights(wholeRequest(held)) as AsyncIterable<object>)[Symbol.asyncIterator]().next();
  const put = new Promise((resolve, reject) => {
    const stream = stub.putUpdate((error, response) => (error ? reject(error) : resolve(response)));
    stream.end({ header: updateOf(held).header });
  });
  for (const answer of [first, put]) {
    expect(await refused(answer)).toMatchObject({
      code: status.UNAVAILABLE,
      info: { reason: "NOT_LEADER", metadata: { leader } },
    });
  }
  stub.close();
  await follower.stop();
  await bench.release(held);
});
