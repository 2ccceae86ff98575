import { workerService } from "../../../proto/load.ts";
import type { WorkRequest } from "../../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkRequest__Output } from "../../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkResponse, WorkResponse__Output } from "../../../proto/gen/fpnas/v1/WorkResponse.ts";

const work = workerService.service.Work;

/** The bytes of messages on a Work stream, by the same codec as over gRPC. */
export const wire = {
  encodeRequest: (request: WorkRequest): Buffer => work.requestSerialize(request),
  decodeRequest: (bytes: Buffer): WorkRequest__Output => work.requestDeserialize(bytes),
  encodeResponse: (response: WorkResponse): Buffer => work.responseSerialize(response),
  decodeResponse: (bytes: Buffer): WorkResponse__Output => work.responseDeserialize(bytes),
};
