import type { Store } from "../../../../coordinator/storage/leadership.ts";
import type { Storage } from "../../../../coordinator/storage/storage.ts";
import { withMethods } from "../../scheduling-storage.ts";
import type { Steps } from "./steps.ts";

/** A store each of whose commits is two steps: just before it is durable, and just after. */
export function withCommits(store: Store, steps: Steps): Store {
  const commit =
    (storage: Storage): Storage["commit"] =>
    async (...of) => {
      steps.take("before commit");
      await storage.commit(...of);
      steps.take("after commit");
    };
  const lead: Store["lead"] = async (address, signal) => {
    const leadership = await store.lead(address, signal);
    const { storage } = leadership;
    return withMethods(leadership, { storage: withMethods(storage, { commit: commit(storage) }) });
  };
  return withMethods(store, { lead });
}
