import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerReadableStream,
  type ServerWritableStream,
} from "@grpc/grpc-js";
import type { FetchWeightsRequest__Output } from "../../proto/gen/fpnas/v1/FetchWeightsRequest.ts";
import type { FetchWeightsResponse } from "../../proto/gen/fpnas/v1/FetchWeightsResponse.ts";
import type { PutUpdateRequest__Output } from "../../proto/gen/fpnas/v1/PutUpdateRequest.ts";
import type { PutUpdateResponse } from "../../proto/gen/fpnas/v1/PutUpdateResponse.ts";
import { weightsService } from "../../proto/load.ts";
import type { Coordinator, UpdateHeader } from "../../worker/client/coordinator.ts";
import { openCoordinator } from "../../worker/client/grpc-coordinator.ts";

type FetchCall = ServerWritableStream<FetchWeightsRequest__Output, FetchWeightsResponse>;
type PutCall = ServerReadableStream<PutUpdateRequest__Output, PutUpdateResponse>;

const mebibyte = 2 ** 20;
const bytes = Buffer.alloc(2.5 * mebibyte, "weights");
const sha256 = createHash("sha256").update(bytes).digest("hex");
const slices = [{ tensor: "stem/conv3", shape: [3, 3, 1, 8] }];
const request = { job: "projects/p/jobs/j", version: 3, slices, precision: "float16" } as const;
const header: UpdateHeader = {
  ...{ workerId: "w", key: { trial: "projects/p/jobs/j/trials/1", leaseToken: 5 } },
  ...{ version: 3, slices, precision: "float32", sha256 },
};
const never = new AbortController().signal;

const server = new Server();
let coordinator: Coordinator;
let serveFetch: (call: FetchCall) => void;
let servePut: (call: PutCall, answer: sendUnaryData<PutUpdateResponse>) => void;

beforeAll(async () => {
  server.addService(weightsService.service, {
    FetchWeights: (call: FetchCall) => serveFetch(call),
    PutUpdate: (call: PutCall, answer: sendUnaryData<PutUpdateResponse>) => servePut(call, answer),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  coordinator = openCoordinator(`127.0.0.1:${port}`);
});

afterAll(() => {
  coordinator.close();
  server.forceShutdown();
});

/** Sends the weights in pieces, with this hash beside the last. */
const sendAs = (hash: string) => (call: FetchCall) => {
  for (let start = 0; start < bytes.length; start += mebibyte)
    call.write({ chunk: bytes.subarray(start, start + mebibyte) });
  call.write({ sha256: hash });
  call.end();
};

describe("weights that a worker fetches", () => {
  test("come in pieces, of the slices that it names", async () => {
    const asked: FetchWeightsRequest__Output[] = [];
    serveFetch = (call) => {
      asked.push(call.request);
      sendAs(sha256)(call);
    };
    expect(Buffer.compare(await coordinator.fetchWeights(request, never), bytes)).toBe(0);
    expect(asked).toMatchObject([{ ...request, precision: "PRECISION_FLOAT16" }]);
  });

  test("are refused with another hash than came with them", async () => {
    serveFetch = sendAs("0".repeat(64));
    await expect(coordinator.fetchWeights(request, never)).rejects.toThrow(`the hash ${sha256}, not ${"0".repeat(64)}`);
  });

  test("are given up where the signal is aborted, which the coordinator hears", async () => {
    const abort = new AbortController();
    const heard = new Promise<void>((resolve) => {
      serveFetch = (call) => {
        call.on("cancelled", () => resolve());
        abort.abort();
      };
    });
    await expect(coordinator.fetchWeights(request, abort.signal)).rejects.toMatchObject({ code: status.CANCELLED });
    await heard;
    await expect(coordinator.fetchWeights(request, abort.signal)).rejects.toThrow(/abort/);
  });
});

describe("an update that a worker sends", () => {
  test("goes as its header and pieces of at most a mebibyte, and is stored", async () => {
    const pieces: PutUpdateRequest__Output[] = [];
    servePut = (call, answer) => {
      call.on("data", (piece: PutUpdateRequest__Output) => pieces.push(piece));
      call.on("end", () => answer(null, { verdict: "VERDICT_STORED" }));
    };
    expect(await coordinator.putUpdate(header, bytes, never)).toBe("stored");
    expect(pieces[0]?.header).toMatchObject({ ...header, precision: "PRECISION_FLOAT32" });
    const chunks = pieces.map(({ chunk }) => chunk);
    expect(Math.max(...chunks.map(({ length }) => length))).toBe(mebibyte);
    expect(Buffer.compare(Buffer.concat(chunks), bytes)).toBe(0);
  });

  test("of a lease that is over is answered so before all of it has gone", async () => {
    servePut = (_, answer) => answer(null, { verdict: "VERDICT_STALE" });
    expect(await coordinator.putUpdate(header, bytes, never)).toBe("stale");
  });

  test("is given up where the signal is aborted", async () => {
    const abort = new AbortController();
    servePut = (call) => {
      call.resume();
      abort.abort();
    };
    await expect(coordinator.putUpdate(header, bytes, abort.signal)).rejects.toMatchObject({ code: status.CANCELLED });
  });
});
