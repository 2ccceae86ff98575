import type { PutUpdateRequest__Output } from "../../proto/gen/fpnas/v1/PutUpdateRequest.ts";
import type { PutUpdateResponse } from "../../proto/gen/fpnas/v1/PutUpdateResponse.ts";
import type { UpdateHeader__Output } from "../../proto/gen/fpnas/v1/UpdateHeader.ts";
import type { Engine } from "../scheduling/engine.ts";
import { invalidField } from "../scheduling/errors.ts";
import { sizeOf, type UpdateUpload } from "../scheduling/weights-desk.ts";
import { checkSha256 } from "./files.ts";
import { chunkBytes, peel } from "./intake.ts";
import type { Room } from "./room.ts";
import { decodePrecision } from "./weights-messages.ts";
import { decodeKey } from "./work-messages.ts";

/** A piece is being stored, and others come in meanwhile. */
const piecesHeld = 4;

/**
 * Receives an update and has the engine store it as it comes, or tells that its lease is over, then without waiting for the bytes. Rejects with
 * EngineError `invalid` or `resourceExhausted`, and as `WeightsDesk.put` does.
 */
export async function putUpdate(
  engine: Engine,
  requests: AsyncIterable<PutUpdateRequest__Output>,
  room: Room,
): Promise<PutUpdateResponse> {
  const { first, rest } = await peel(requests);
  if (first?.header === undefined || first.header === null) {
    throw invalidField("header", "must be given in the first request.");
  }
  const { workerId } = first.header;
  const header = decodeHeader(first.header);
  const key = decodeKey(first.header.key);
  if (key === null) return { verdict: "VERDICT_STALE" };
  const held = Math.min(sizeOf(header), piecesHeld * chunkBytes);
  const verdict = await engine.putUpdate({ workerId, key, header, bytes: receive(first, rest, room, held) });
  return { verdict: verdict === "stored" ? "VERDICT_STORED" : "VERDICT_STALE" };
}

/** Throws EngineError `invalid`. */
function decodeHeader({ version, slices, precision, sha256 }: UpdateHeader__Output): UpdateUpload["header"] {
  return {
    version,
    slices,
    precision: decodePrecision(precision, "header.precision"),
    sha256: checkSha256(sha256, "header.sha256"),
  };
}

/** The bytes in their pieces. Throws EngineError `invalid` or `resourceExhausted`. */
async function* receive(
  first: PutUpdateRequest__Output,
  rest: AsyncIterable<PutUpdateRequest__Output>,
  room: Room,
  held: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const giveBack = room.take(held);
  try {
    yield checkChunk(first.chunk);
    for await (const { header, chunk } of rest) {
      if (header !== null) throw invalidField("header", "must be given in the first request only.");
      yield checkChunk(chunk);
    }
  } finally {
    giveBack();
  }
}

function checkChunk(chunk: Buffer): Uint8Array {
  if (chunk.length > chunkBytes) throw invalidField("chunk", `must have at most ${chunkBytes} bytes.`);
  return chunk;
}
