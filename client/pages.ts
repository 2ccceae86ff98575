/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Token of the next page; empty after the last. */
  readonly next: string;
}

/** Every item of a list, fetching a page when the one before has been read. */
export async function* readPages<Item>(
  fetch: (pageToken: string) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, undefined> {
  let pageToken = "";
  do {
    const page = await fetch(pageToken);
    yield* page.items;
    pageToken = page.next;
  } while (pageToken !== "");
}
