import { planJob } from "../../coordinator/scheduling/plan-job.ts";
import { readFiles } from "../../coordinator/scheduling/load-job.ts";
import { encodeSnapshot } from "../../coordinator/search/snapshot.ts";
import type { Event } from "../../coordinator/search/types.ts";
import type { JobKey, Storage } from "../../coordinator/storage/storage.ts";
import type { JobSpec } from "../../spec/types.ts";

/** The snapshot of an ended job, and what a replay of its whole log from the spec comes to: they are the same text. */
export async function replayLog(storage: Storage, key: JobKey): Promise<{ stored: string; replayed: string }> {
  const record = await storage.getJob(key);
  const snapshot = await storage.readSnapshot(key);
  if (record === null || snapshot === null) throw new Error(`job ${key} has not ended`);
  const { spec, search } = await planJob(key, JSON.parse(record.specJson) as JobSpec, readFiles(record), storage);
  let state = search.init(spec.seed);
  for (const [, text] of await storage.readEvents(key, 0)) [state] = search.step(state, JSON.parse(text) as Event);
  return { stored: snapshot.json, replayed: encodeSnapshot(state) };
}
