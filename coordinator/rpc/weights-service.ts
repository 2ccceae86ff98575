import type { Logger } from "pino";
import type { WeightsServiceHandlers } from "../../proto/gen/fpnas/v1/WeightsService.ts";
import type { Coordinator } from "./coordinator.ts";
import { Handlers } from "./handlers.ts";
import { Room } from "./room.ts";
import { fetchWeights } from "./weights-fetch.ts";
import { putUpdate } from "./weights-update.ts";

/** The most memory that pieces may hold, in each direction. */
const roomBytes = 512 * 2 ** 20;

/** How workers move shared weights (weights.proto). */
export function weightsHandlers(coordinator: Coordinator, logger: Logger): WeightsServiceHandlers {
  const handlers = new Handlers(logger);
  const outgoing = new Room(
    roomBytes,
    "TOO_MANY_FETCHES",
    "too many weights are being fetched at once: try again later",
  );
  const incoming = new Room(roomBytes, "TOO_MANY_UPLOADS", "too many updates are being sent at once: try again later");
  return {
    FetchWeights: handlers.serverStream((request) => fetchWeights(coordinator, request, outgoing)),
    PutUpdate: handlers.clientStream(async (requests) => putUpdate(await coordinator.leading(), requests, incoming)),
  };
}
