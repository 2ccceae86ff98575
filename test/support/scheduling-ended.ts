import { expect } from "@jest/globals";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import type { JobResult } from "../../spec/result.ts";

/** Waits for the end of a job, which must succeed, and gives its result. */
export async function ended(engine: Engine, job: string): Promise<JobResult> {
  let record = (await engine.getJob(job)).record;
  for (let turn = 0; record.endTimeMs === null && turn < 10_000; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    record = (await engine.getJob(job)).record;
  }
  expect(record).toMatchObject({ state: "succeeded", error: null });
  return JSON.parse(record.resultJson ?? "") as JobResult;
}
