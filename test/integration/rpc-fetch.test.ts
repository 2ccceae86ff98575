import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { workerHandlers } from "../../coordinator/rpc/worker-service.ts";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import { JobReader } from "../../coordinator/scheduling/job-reader.ts";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import type { WorkerServiceClient } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import { workerService } from "../../proto/load.ts";
import { openBench, silent } from "../support/scheduling-bench.ts";
import { settle, until } from "../support/scheduling-clock.ts";
import { withMethods } from "../support/scheduling-storage.ts";

const server = new Server();
const chunkCount = 64;
let engine: Engine;
let stub: WorkerServiceClient;
/** Chunks that have been read from the store. */
let read = 0;

beforeAll(async () => {
  const storage = createMemoryStorage();
  await storage.putFile("0".repeat(64), new Uint8Array(chunkCount << 20));
  ({ engine } = await openBench(storage));
  const counting = withMethods(storage, {
    async getFile(sha256) {
      const file = await storage.getFile(sha256);
      async function* chunks() {
        for await (const chunk of file!.chunks()) {
          read += 1;
          yield chunk;
        }
      }
      return file === null ? null : { byteLength: file.byteLength, chunks };
    },
  });
  const jobs = new JobReader(counting, () => 0);
  server.addService(workerService.service, workerHandlers({ jobs, leading: () => Promise.resolve(engine) }, silent));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  stub = new workerService(`127.0.0.1:${port}`, credentials.createInsecure());
});

afterAll(async () => {
  stub.close();
  server.forceShutdown();
  await engine.stop();
});

test("a file is read from the store as fast as its worker takes it, not before, and no further once the worker has gone", async () => {
  const call = stub.fetchFile({ sha256: "0".repeat(64) });
  call.on("error", () => undefined);
  await until(() => read > 0, "the first chunk");
  await settle();
  const held = read;
  expect(held).toBeLessThan(5);
  const iterator = (call as AsyncIterable<object>)[Symbol.asyncIterator]();
  for (let taken = 0; taken < chunkCount / 2; taken += 1) await iterator.next();
  await until(() => read > chunkCount / 2, "what was taken");
  await settle();
  expect(read).toBeLessThan(chunkCount / 2 + 30);
  call.cancel();
  await settle();
  const atEnd = read;
  await settle();
  expect(read).toBe(atEnd);
  expect(atEnd).toBeLessThan(chunkCount);
});
