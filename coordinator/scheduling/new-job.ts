import type { JobSpec } from "../../spec/types.ts";
import type { JobKey, JobRecord } from "../storage/storage.ts";
import type { JobPlan } from "./active-job.ts";
import { EngineError, invalidField } from "./errors.ts";
import { isId, jobKey } from "./names.ts";
import { describeProgress } from "./progress.ts";

/** A job that a researcher submits. */
export interface NewJob {
  readonly project: string;
  /** Empty: one is made from the spec's name. */
  readonly jobId: string;
  /** The spec as the user wrote it, parsed from its text. */
  readonly spec: unknown;
  /** Path as written in the spec to the SHA-256 of an uploaded file. */
  readonly files: ReadonlyMap<string, string>;
  /** Empty: no protection against repeats. */
  readonly requestId: string;
  /** Nothing is created. */
  readonly validateOnly: boolean;
}

/**
 * The key of a new job. Rejects with EngineError `invalid` or `alreadyExists`, and with what `reserve` does, which tells whether the key
 * is free and then keeps it so. A made-up id is the spec's name, and where that is taken the name and the time.
 */
export async function chooseKey(
  { project, jobId }: NewJob,
  spec: JobSpec,
  nowMs: number,
  reserve: (key: JobKey) => Promise<boolean>,
): Promise<JobKey> {
  if (jobId !== "" && !isId(jobId)) {
    throw invalidField("job_id", "must be 1 to 63 characters of [a-z0-9-] and begin with a letter.");
  }
  const name = jobId === "" ? idFromName(spec.name) : jobId;
  let key = jobKey(project, name);
  for (let number = nowMs; !(await reserve(key)); number += 1) {
    if (jobId !== "") throw new EngineError("alreadyExists", "JOB_EXISTS", `there is a job ${key} already`);
    const suffix = `-${number.toString(36)}`;
    key = jobKey(project, `${name.slice(0, 63 - suffix.length)}${suffix}`);
  }
  return key;
}

/** The durable row of a new job. */
export function newRecord(plan: JobPlan, { project, files }: NewJob, nowMs: number): JobRecord {
  const state = plan.search.init(plan.spec.seed);
  return {
    key: plan.key,
    project,
    state: "running",
    specJson: JSON.stringify(plan.spec),
    filesJson: JSON.stringify(Object.fromEntries(files)),
    createTimeMs: nowMs,
    endTimeMs: null,
    resultJson: null,
    error: null,
    progressJson: JSON.stringify(describeProgress(plan, state, { busyMs: 0, connectedMs: 0 })),
  };
}

/** Names of specs may begin with a digit, ids may not. */
function idFromName(name: string): string {
  return isId(name) ? name : `job-${name}`.slice(0, 63);
}
