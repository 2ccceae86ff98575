import { createServer as createHttpServer } from "node:http2";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import * as grpc from "@grpc/grpc-js";
import { FpnasError } from "../../client/errors.ts";
import { ClientBench, collect } from "../support/client-bench.ts";
import { ScriptedServer, statusError, wireJob } from "../support/client-scripted-server.ts";

const bench = new ClientBench();
afterEach(() => bench.close());

describe("what goes wrong", () => {
  test.each([
    [grpc.status.NOT_FOUND, "not_found"],
    [grpc.status.ALREADY_EXISTS, "already_exists"],
    [grpc.status.FAILED_PRECONDITION, "failed_precondition"],
    [grpc.status.RESOURCE_EXHAUSTED, "resource_exhausted"],
    [grpc.status.PERMISSION_DENIED, "denied"],
    [grpc.status.INTERNAL, "internal"],
    [grpc.status.UNKNOWN, "internal"],
  ])("status %i is the error %s with the coordinator's words", async (status, code) => {
    const client = await bench.connect({ GetJob: (_, callback) => callback(statusError(status, "its words")) });
    await expect(client.getJob("n")).rejects.toMatchObject({ code, message: "its words", mistakes: [] });
  });

  test("an error trailer that cannot be read costs only the mistakes", async () => {
    const metadata = new grpc.Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from([0xff, 0xff, 0xff]));
    const client = await bench.connect({
      GetJob: (_, callback) => callback(statusError(grpc.status.INVALID_ARGUMENT, "bad name", metadata)),
    });
    await expect(client.getJob("n")).rejects.toMatchObject({ code: "invalid", message: "bad name", mistakes: [] });
  });

  test("a call that the coordinator could not take is made again", async () => {
    let calls = 0;
    const client = await bench.connect({
      GetJob: (_, callback) =>
        ++calls < 3 ? callback(statusError(grpc.status.UNAVAILABLE, "starting")) : callback(null, { job: wireJob() }),
    });
    await client.getJob("n");
    expect(calls).toBe(3);
  });

  test("an address where nothing listens is unreachable, by its name, for every kind of call", async () => {
    const server = await ScriptedServer.start({});
    server.kill();
    const client = bench.client(server.address);
    const unreachable = {
      name: "FpnasError",
      code: "unreachable",
      message: `No coordinator can be reached at ${server.address} (ECONNREFUSED).`,
    };
    await expect(client.getJob("n")).rejects.toMatchObject(unreachable);
    await expect(collect(client.watchJob("n"))).rejects.toMatchObject(unreachable);
    await expect(collect(client.listTrials("n"))).rejects.toMatchObject(unreachable);
    const files = new Map([["f", new Uint8Array(1)]]);
    await expect(client.createJob({ spec: {}, files })).rejects.toMatchObject(unreachable);
  });

  test("an address that takes connections and never answers is unreachable within seconds", async () => {
    const silent: Server = createServer((socket) => {
      bench.onClose(() => socket.destroy());
    });
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    bench.onClose(() => silent.close());
    const { port } = silent.address() as { port: number };
    await expect(bench.client(`127.0.0.1:${port}`).getJob("n")).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });

  test("an address where something else is served is unreachable", async () => {
    const other = createHttpServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const call = bench.client(`127.0.0.1:${port}`).getJob("n");
    await expect(call).rejects.toMatchObject({ code: "unreachable", message: expect.stringContaining("404") });
    other.close();
  });

  test("a client that was closed refuses further calls and may be closed twice", async () => {
    const client = await bench.connect({ GetJob: (_, callback) => callback(null, { job: wireJob() }) });
    await client.getJob("n");
    client.close();
    client.close();
    await expect(client.getJob("n")).rejects.toBeInstanceOf(FpnasError);
    await expect(client.getJob("n")).rejects.toMatchObject({ code: "cancelled" });
  });
});
