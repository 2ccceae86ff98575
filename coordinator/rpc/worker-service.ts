import type { Logger } from "pino";
import type { WorkerServiceHandlers } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import type { Coordinator } from "./coordinator.ts";
import { CheckpointUploads } from "./checkpoints.ts";
import { fetchFile } from "./files.ts";
import { Handlers } from "./handlers.ts";
import { intakeLimits } from "./intake.ts";
import { toStatus } from "./status.ts";
import { WorkCall } from "./work-stream.ts";

/** What workers call (worker.proto). */
export function workerHandlers(coordinator: Coordinator, logger: Logger): WorkerServiceHandlers {
  const handlers = new Handlers(logger);
  const checkpoints = new CheckpointUploads(intakeLimits);
  return {
    Register: handlers.unary(async (request) => (await coordinator.leading()).registerWorker(request)),
    Work: (call) => {
      coordinator.leading().then(
        (engine) => WorkCall.serve(engine, call, logger),
        (error: unknown) => call.emit("error", toStatus(error, logger)),
      );
    },
    FetchFile: handlers.serverStream(({ sha256 }) => fetchFile(coordinator.jobs, sha256)),
    PutCheckpoint: handlers.clientStream(async (requests) =>
      checkpoints.receive(await coordinator.leading(), requests),
    ),
  };
}
