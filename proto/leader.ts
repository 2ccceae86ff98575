import { readDetails } from "./error-details.ts";

/** ErrorInfo.reason of what only the leader answers, and another coordinator was asked: UNAVAILABLE. */
export const notLeaderReason = "NOT_LEADER";

/** Key in ErrorInfo.metadata of the leader's HOST:PORT; absent where nobody leads yet. */
const leaderKey = "leader";

/** ErrorInfo.metadata that names the leader. */
export function encodeLeader(leader: string | null): Readonly<Record<string, string>> {
  return leader === null ? {} : { [leaderKey]: leader };
}

/** What a failed call says of who leads: null where it failed for another reason; `leader` is null where nobody leads yet. */
export function readLeader(error: unknown): { readonly leader: string | null } | null {
  const info = readDetails(error, "google.rpc.ErrorInfo").find(({ reason }) => reason === notLeaderReason);
  return info === undefined ? null : { leader: info.metadata[leaderKey] ?? null };
}
