import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { credentials, Server, ServerCredentials, status } from "@grpc/grpc-js";
import { Uploads } from "../../coordinator/rpc/files.ts";
import { Handlers } from "../../coordinator/rpc/handlers.ts";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import type { SearchServiceClient } from "../../proto/gen/fpnas/v1/SearchService.ts";
import type { UploadFileResponse__Output } from "../../proto/gen/fpnas/v1/UploadFileResponse.ts";
import { searchService } from "../../proto/load.ts";
import { refused } from "../support/rpc-bench.ts";
import { openBench, silent } from "../support/scheduling-bench.ts";
import { settle, until } from "../support/scheduling-clock.ts";
import { sha256 } from "../support/scheduling-table.ts";

describe("uploads at the same time", () => {
  const fileBytes = 3000;
  const server = new Server();
  let engine: Engine;
  let stub: SearchServiceClient;
  /** Requests that have been read. */
  let read = 0;

  beforeAll(async () => {
    ({ engine } = await openBench());
    const uploads = new Uploads({ fileBytes, heldBytes: 2 * fileBytes });
    const handlers = new Handlers(silent);
    server.addService(searchService.service, {
      UploadFile: handlers.clientStream((requests) => uploads.receive(engine, counted(requests as never))),
    });
    const port = await new Promise<number>((resolve, reject) =>
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      ),
    );
    stub = new searchService(`127.0.0.1:${port}`, credentials.createInsecure());
  });

  afterAll(async () => {
    stub.close();
    server.forceShutdown();
    await engine.stop();
  });

  async function* counted<T>(requests: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const request of requests) {
      read += 1;
      yield request;
    }
  }

  /** An upload of whose file `sent` bytes have arrived. */
  async function begin(bytes: Buffer, sent: number) {
    const before = read;
    let call!: ReturnType<SearchServiceClient["uploadFile"]>;
    const end = new Promise<UploadFileResponse__Output>((resolve, reject) => {
      call = stub.uploadFile((error, response) => (error ? reject(error) : resolve(response!)));
      call.write({ sha256: sha256(bytes), chunk: bytes.subarray(0, sent) });
    });
    end.catch(() => undefined);
    await until(() => read > before, "the first piece");
    await settle();
    return {
      end,
      send: (chunk: Buffer) => void call.write({ chunk }),
      finish: () => void call.end(),
      cancel: () => call.cancel(),
    };
  }

  const file = (fill: string): Buffer => Buffer.alloc(fileBytes, fill);

  test("are refused above what the coordinator may hold, and those before go on", async () => {
    const first = await begin(file("a"), fileBytes);
    const second = await begin(file("b"), fileBytes);
    const third = await begin(file("c"), 1);
    expect(await refused(third.end)).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      info: { reason: "TOO_MANY_UPLOADS" },
    });
    for (const upload of [first, second]) {
      upload.finish();
      expect(await upload.end).toMatchObject({ sizeBytes: fileBytes });
    }
  });

  test("that are given up or refused make room for others", async () => {
    for (let round = 0; round < 4; round += 1) {
      const abandoned = await begin(file("d"), fileBytes);
      const mistaken = await begin(file("e"), fileBytes - 1);
      abandoned.cancel();
      await expect(abandoned.end).rejects.toMatchObject({ code: status.CANCELLED });
      mistaken.send(Buffer.from("xy"));
      expect(await refused(mistaken.end)).toMatchObject({ info: { reason: "FILE_TOO_LARGE" } });
    }
  });
});
