import type {
  JobCommit,
  JobRecord,
  RequestRecord,
  TrialRecord,
  TrialUpdate,
} from "../../coordinator/storage/storage.ts";

/** A job's row, with what a test is about in `changes`. The project is what stands before the slash of the key. */
export function jobRecord(key: string, changes: Partial<JobRecord> = {}): JobRecord {
  return {
    key,
    project: key.split("/")[0] ?? "",
    state: "running",
    specJson: '{"space":"mbconv-small"}',
    filesJson: "{}",
    createTimeMs: 1_700_000_000_000,
    endTimeMs: null,
    resultJson: null,
    error: null,
    progressJson: "{}",
    ...changes,
  };
}

/** A trial's row, with what a test is about in `changes`. */
export function trialRecord(job: string, trial: number, changes: Partial<TrialRecord> = {}): TrialRecord {
  return {
    job,
    trial,
    role: "search",
    state: "pending",
    networkHash: `hash-${trial}`,
    networkJson: `{"network":${trial}}`,
    armsJson: "[0,1]",
    round: 1,
    macs: 1_234_567,
    params: 89_012,
    attemptsJson: null,
    leaseToken: 0,
    workerId: null,
    leaseTimeMs: null,
    endTimeMs: null,
    busyMs: 0,
    measurementJson: null,
    failureReason: null,
    failureDetail: null,
    reusedFrom: null,
    checkpointJson: null,
    ...changes,
  };
}

/** How a trial stands, with what a test is about in `changes`. */
export function trialUpdate(job: string, trial: number, changes: Partial<TrialUpdate> = {}): TrialUpdate {
  return {
    job,
    trial,
    state: "pending",
    attemptsJson: null,
    leaseToken: 0,
    workerId: null,
    leaseTimeMs: null,
    endTimeMs: null,
    busyMs: 0,
    measurementJson: null,
    failureReason: null,
    failureDetail: null,
    checkpointJson: null,
    ...changes,
  };
}

/** A commit that changes nothing but what is in `changes`. */
export function jobCommit(job: string, expectedSeq: number, changes: Partial<JobCommit> = {}): JobCommit {
  return {
    job,
    expectedSeq,
    events: [],
    newTrials: [],
    trials: [],
    rounds: [],
    keptFiles: [],
    snapshotJson: null,
    record: null,
    ...changes,
  };
}

/** The first commit of a job: its record and one event. */
export function newJobCommit(job: string, changes: Partial<JobCommit> = {}): JobCommit {
  return jobCommit(job, 0, { record: jobRecord(job), events: ['{"type":"jobStarted"}'], ...changes });
}

/** An answered request. */
export function requestRecord(requestId: string): RequestRecord {
  return { requestId, request: "CreateJob p/a", responseJson: '{"name":"p/a"}', timeMs: 1_700_000_000_001 };
}
