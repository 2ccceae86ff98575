import type { WorkRequest__Output } from "../../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkResponse, WorkResponse__Output } from "../../../proto/gen/fpnas/v1/WorkResponse.ts";
import type { WorkRequest } from "../../../worker/client/lease.ts";
import type { SimProcess } from "../world/process.ts";

/** Is told what is said on Work streams. */
export interface WireWatcher {
  /** A worker says something, whether it arrives or not. */
  reported(worker: SimProcess, request: WorkRequest): void;
  /** A worker's process takes in what it was told. */
  received(worker: SimProcess, response: WorkResponse__Output): void;
  /** A coordinator's process takes in what a worker has said. */
  heard(coordinator: SimProcess, request: WorkRequest__Output): void;
  /** A coordinator's process says something to a worker, whether it arrives or not. */
  told(coordinator: SimProcess, workerId: string, response: WorkResponse): void;
}
