import { StorageError } from "./storage.ts";
import type { JobRecord, Page, Paged, RoundRecord, TrialRecord } from "./storage.ts";

/** The sort key of a row: where a page ends and the next one begins. */
type Position = readonly (string | number)[];

/** How one listing is ordered and continued. */
export interface Listing<T, P extends Position> {
  readonly name: string;
  /** Lies before every row, as the listing runs. */
  readonly start: P;
  positionOf(row: T): P;
}

export const jobListing: Listing<JobRecord, readonly [createTimeMs: number, key: string]> = {
  name: "jobs",
  start: [Number.MAX_SAFE_INTEGER, ""],
  positionOf: (row) => [row.createTimeMs, row.key],
};

export const trialListing: Listing<TrialRecord, readonly [trial: number]> = {
  name: "trials",
  start: [Number.MIN_SAFE_INTEGER],
  positionOf: (row) => [row.trial],
};

export const roundListing: Listing<RoundRecord, readonly [round: number]> = {
  name: "rounds",
  start: [Number.MIN_SAFE_INTEGER],
  positionOf: (row) => [row.round],
};

/**
 * Returns the position that `page` goes on from, in the listing of `owner` (a project or a job).
 * Throws `unsupported` for a size that is no positive integer, and for a token that this listing did not give out.
 */
export function startOf<T, P extends Position>(listing: Listing<T, P>, owner: string, page: Page): P {
  if (!Number.isSafeInteger(page.size) || page.size < 1) {
    throw new StorageError("unsupported", `page size must be a whole number from 1, not ${page.size}`);
  }
  if (page.after === null) return listing.start;
  const [name, tokenOwner, ...position] = parseToken(page.after);
  const sameShape =
    position.length === listing.start.length &&
    position.every((part, index) => typeof part === typeof listing.start[index]);
  if (name !== listing.name || tokenOwner !== owner || !sameShape) {
    throw new StorageError("unsupported", `page token "${page.after}" is not one of the ${listing.name} of ${owner}`);
  }
  return position as unknown as P;
}

/** Makes a page of the rows after its start; `rows` holds one more than `size` where there are more. */
export function pageOf<T, P extends Position>(
  listing: Listing<T, P>,
  owner: string,
  rows: readonly T[],
  size: number,
): Paged<T> {
  const items = rows.slice(0, size);
  const last = items.at(-1);
  if (rows.length <= size || last === undefined) return { items, next: null };
  const token = JSON.stringify([listing.name, owner, ...listing.positionOf(last)]);
  return { items, next: Buffer.from(token).toString("base64url") };
}

function parseToken(token: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    return Array.isArray(value) ? (value as readonly unknown[]) : [];
  } catch {
    return [];
  }
}
