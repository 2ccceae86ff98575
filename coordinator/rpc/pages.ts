import { invalidField } from "../scheduling/errors.ts";
import { StorageError, type Page, type Paged } from "../storage/storage.ts";

const defaultPageSize = 50;
const maxPageSize = 1000;

/** About the longest page, in characters of its rows; leaves room below the usual message limit of 4 MiB. */
const maxPageLength = 2 ** 21;

/** The paging fields that all List requests have. */
export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

/**
 * One page of rows. Where the rows are long, it holds fewer of them than asked for, and at least one. Throws EngineError `invalid` for
 * a token that no page gave; rejects with what `list` does besides.
 */
export async function readPage<Row extends object>(
  { pageSize, pageToken }: PageRequest,
  list: (page: Page) => Promise<Paged<Row>>,
): Promise<Paged<Row>> {
  const after = pageToken === "" ? null : pageToken;
  let size = pageSize === 0 ? defaultPageSize : Math.min(pageSize, maxPageSize);
  try {
    for (;;) {
      const page = await list({ size, after });
      if (page.items.length <= 1 || lengthOf(page.items) <= maxPageLength) return page;
      size = Math.ceil(page.items.length / 2);
    }
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== "unsupported") throw error;
    throw invalidField("page_token", "must be the next_page_token of the page before, of the same list.");
  }
}

/** The rows' texts are nearly all of what they become on the wire. */
function lengthOf(rows: readonly object[]): number {
  let length = 0;
  for (const row of rows) {
    for (const value of Object.values(row) as unknown[]) length += typeof value === "string" ? value.length : 8;
  }
  return length;
}
