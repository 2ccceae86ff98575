import type { Store } from "../../coordinator/storage/leadership.ts";
import { openStore } from "../../coordinator/storage/open-store.ts";
import type { Storage } from "../../coordinator/storage/storage.ts";
import { withMethods } from "./scheduling-storage.ts";

/** Leads a store that is the caller's own: what comes back closes the store with itself. */
export async function leadStore(store: Store): Promise<Storage> {
  const { storage } = await store.lead("localhost:7431", new AbortController().signal);
  return withMethods(storage, { close: () => store.close() });
}

/** Opens the store that `url` names and leads it; `close` closes it. */
export async function openStorage(url: string): Promise<Storage> {
  return leadStore(await openStore(url));
}
