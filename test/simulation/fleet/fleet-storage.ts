import { createMemoryStorage } from "../../../coordinator/storage/memory-storage.ts";
import type { Storage } from "../../../coordinator/storage/storage.ts";
import type { World } from "../world/world.ts";
import { commitMs } from "./fleet-model.ts";

/** A store in memory whose commits take their time, one after the other. */
export function fleetStorage(world: World): Storage {
  const storage = createMemoryStorage();
  let freeMs = 0;
  const commit: Storage["commit"] = (jobs, request) => {
    const trials = jobs.reduce((sum, job) => sum + job.newTrials.length + job.trials.length, 0);
    freeMs = Math.max(freeMs, world.nowMs) + commitMs.each + commitMs.perTrial * trials;
    return new Promise((resolve, reject) => {
      world.after(freeMs - world.nowMs, () => void storage.commit(jobs, request).then(resolve, reject));
    });
  };
  return new Proxy(storage, {
    get: (target, property) => {
      if (property === "commit") return commit;
      const member: unknown = Reflect.get(target, property);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}
