import type { Round } from "../../proto/gen/fpnas/v1/Round.ts";
import { readRound } from "../scheduling/progress.ts";
import type { RoundRecord } from "../storage/storage.ts";

/** The round as it stands on the wire. */
export function encodeRound(record: RoundRecord): Round {
  const { marginals, bestAccuracy, ...numbers } = readRound(record);
  return {
    ...numbers,
    marginals: marginals.map(({ choice, probabilities }) => ({ choice, probabilities: [...probabilities] })),
    bestAccuracy: bestAccuracy ?? 0,
  };
}
