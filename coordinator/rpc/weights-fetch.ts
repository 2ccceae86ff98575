import { createHash } from "node:crypto";
import type { FetchWeightsRequest__Output } from "../../proto/gen/fpnas/v1/FetchWeightsRequest.ts";
import type { FetchWeightsResponse } from "../../proto/gen/fpnas/v1/FetchWeightsResponse.ts";
import { invalidField } from "../scheduling/errors.ts";
import { parseJobName } from "../scheduling/names.ts";
import { sizeOf, type WeightsRequest } from "../scheduling/weights-desk.ts";
import type { Coordinator } from "./coordinator.ts";
import { chunkBytes } from "./intake.ts";
import type { Room } from "./room.ts";
import { decodePrecision } from "./weights-messages.ts";

/** A piece waits for its caller, and the next is being read. */
const piecesHeld = 2;

/**
 * The pieces of slices, each read when the caller has taken the one before; beside the last stands the hash of all. Throws EngineError
 * `invalid`, `notFound`, `resourceExhausted` or `unavailable`, and WeightsError.
 */
export async function* fetchWeights(
  coordinator: Pick<Coordinator, "leading">,
  wire: FetchWeightsRequest__Output,
  room: Room,
): AsyncGenerator<FetchWeightsResponse, void, undefined> {
  const request = decodeRequest(wire);
  const chunks = (await coordinator.leading()).fetchWeights(request);
  const giveBack = room.take(Math.min(sizeOf(request), piecesHeld * chunkBytes));
  try {
    const hash = createHash("sha256");
    let waiting: Uint8Array | null = null;
    for await (const chunk of chunks) {
      hash.update(chunk);
      if (waiting !== null) yield { chunk: waiting };
      waiting = chunk;
    }
    yield { chunk: waiting ?? new Uint8Array(), sha256: hash.digest("hex") };
  } finally {
    giveBack();
  }
}

/** Throws EngineError `invalid`. */
function decodeRequest({ job, version, slices, precision }: FetchWeightsRequest__Output): WeightsRequest {
  const key = parseJobName(job, "job");
  if (version < 1) throw invalidField("version", "must be at least 1.");
  return { job: key, version, slices, precision: decodePrecision(precision, "precision") };
}
