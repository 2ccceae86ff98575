import type { Logger } from "pino";
import type { WorkerServiceHandlers } from "../../proto/gen/fpnas/v1/WorkerService.ts";
import type { Engine } from "../scheduling/engine.ts";
import { CheckpointUploads } from "./checkpoints.ts";
import { fetchFile } from "./files.ts";
import { Handlers } from "./handlers.ts";
import { intakeLimits } from "./intake.ts";
import { WorkCall } from "./work-stream.ts";

/** What workers call (worker.proto). */
export function workerHandlers(engine: Engine, logger: Logger): WorkerServiceHandlers {
  const handlers = new Handlers(logger);
  const checkpoints = new CheckpointUploads(engine, intakeLimits);
  return {
    Register: handlers.unary((request) => engine.registerWorker(request)),
    Work: (call) => WorkCall.serve(engine, call, logger),
    FetchFile: handlers.serverStream(({ sha256 }) => fetchFile(engine, sha256)),
    PutCheckpoint: handlers.clientStream((requests) => checkpoints.receive(requests)),
  };
}
