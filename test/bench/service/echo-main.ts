import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import type { WorkRequest__Output } from "../../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkResponse } from "../../../proto/gen/fpnas/v1/WorkResponse.ts";
import { workerService } from "../../../proto/load.ts";
import { sampleAcks, sampleLeases } from "./echo-sample.ts";

/**
 * The bare echo: Work streams that answer every request at once with as many leases as it asks for and as many acknowledgements as it
 * brings outcomes, of the size and through the stubs of the real ones, and do nothing else. What no coordinator on these stubs can pass.
 */
const server = new Server();
server.addService(workerService.service, {
  register: (_call: unknown, answer: (error: null, response: unknown) => void) =>
    answer(null, { leaseTtlMs: 30_000, heartbeatIntervalMs: 10_000 }),
  work: (call: ServerDuplexStream<WorkRequest__Output, WorkResponse>) => {
    call.on("data", ({ wantLeases, outcomes }: WorkRequest__Output) => {
      call.write({ leases: sampleLeases.slice(0, wantLeases), acks: sampleAcks.slice(0, outcomes.length) });
    });
    call.on("end", () => call.end());
    call.on("error", () => undefined);
  },
  fetchFile: () => undefined,
  putCheckpoint: () => undefined,
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  console.log(`listening on 127.0.0.1:${port}`);
});
process.once("SIGTERM", () => process.exit(0));
