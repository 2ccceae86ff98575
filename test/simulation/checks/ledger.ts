import type { LeaseKey__Output } from "../../../proto/gen/fpnas/v1/LeaseKey.ts";
import type { WorkRequest__Output } from "../../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkResponse, WorkResponse__Output } from "../../../proto/gen/fpnas/v1/WorkResponse.ts";
import { parseTrialName } from "../../../coordinator/scheduling/names.ts";
import type { JobCommit, RequestRecord, TrialRecord } from "../../../coordinator/storage/storage.ts";
import type { WorkRequest } from "../../../worker/client/lease.ts";
import type { DiskWatcher } from "../cluster/disk.ts";
import type { SimWeights } from "../cluster/weights.ts";
import type { WireWatcher } from "../cluster/wire-watcher.ts";
import type { SimProcess } from "../world/process.ts";
import { epochMs, type World } from "../world/world.ts";
import { JobLedger } from "./job-ledger.ts";
import { leaseText, Reports } from "./reports.ts";
import { RequestLedger } from "./requests.ts";
import { attemptsOf, nonceOf } from "./rows.ts";

/** What a check of lease times needs to know of the coordinator's machine. */
export interface LeaseClock {
  /** The coordinator that leads. */
  readonly process: SimProcess | null;
  readonly leaseTtlMs: number;
  readonly skewMs: number;
  readonly clockSetMs: number;
}

/** All that is durable and all that was said, held against each other after every commit and every message. */
export class Ledger implements DiskWatcher, WireWatcher {
  readonly jobs = new Map<string, JobLedger>();
  readonly requests: RequestLedger;
  private readonly world: World;
  private readonly clock: LeaseClock;
  private readonly weights: SimWeights;
  private readonly reports = new Reports();
  /** Leases that a worker was told of. */
  private readonly given = new Set<string>();
  /** When a coordinator last gave or renewed a lease, in virtual time. */
  private readonly heardMs = new Map<string, number>();
  /** What workers have reported and not heard of since. */
  private readonly owed = new Map<SimProcess, Set<string>>();
  private readonly violate = (what: string): void => this.world.violate(what);

  constructor(world: World, clock: LeaseClock, weights: SimWeights) {
    this.world = world;
    this.weights = weights;
    this.clock = clock;
    this.requests = new RequestLedger(this.violate);
  }

  // What is durable.

  asked(writer: SimProcess, commits: readonly JobCommit[]): void {
    if (writer !== this.clock.process) return;
    for (const { job, trials } of commits) {
      for (const row of trials) {
        const before = this.jobs.get(job)?.rows.get(row.trial);
        const isRetried = row.state === "pending" || row.state === "failed";
        if (before !== undefined && isRetried && row.failureReason === "lost")
          this.checkExpiry(before, { ...before, ...row });
      }
    }
  }

  landed(commits: readonly JobCommit[], request: RequestRecord | null): void {
    for (const commit of commits) {
      const { job, record, events, expectedSeq } = commit;
      this.world.note("log", `${job} ${expectedSeq}+${events.length} ${describe(commit)} ${request?.requestId ?? ""}`);
      const ledger =
        this.jobs.get(job) ?? new JobLedger(job, record?.specJson ?? "", this.reports, this.weights, this.violate);
      this.jobs.set(job, ledger);
      ledger.land(commit, request);
      for (const { trial, state, leaseToken } of commit.trials) {
        const lease = leaseText(job, trial, leaseToken);
        if (state === "leased" && !this.heardMs.has(lease)) this.heardMs.set(lease, this.world.nowMs);
      }
    }
    if (request !== null) this.requests.landed(request);
  }

  // What is said.

  reported(worker: SimProcess, { outcomes = [] }: WorkRequest): void {
    const owed = this.owed.get(worker) ?? new Set();
    this.owed.set(worker, owed);
    for (const outcome of outcomes) {
      owed.add(`${outcome.key.trial} under token ${outcome.key.leaseToken}`);
      const { key, result } = outcome;
      const what = result.type === "failed" ? result.reason : JSON.stringify(result.measurement.extra);
      this.world.note("wire", `reported ${key.trial} ${key.leaseToken}: ${what}`);
      this.reports.add(outcome);
    }
  }

  received(worker: SimProcess, { acks, revoked }: WorkResponse__Output): void {
    for (const key of [...acks.map((ack) => ack.key), ...revoked]) {
      this.owed.get(worker)?.delete(`${key?.trial ?? ""} under token ${key?.leaseToken ?? 0}`);
    }
  }

  /** A lease of whose outcome a living worker has not heard what became of it; null where there is none. */
  get unanswered(): string | null {
    for (const [worker, [lease]] of this.owed) if (worker.isAlive && lease !== undefined) return lease;
    return null;
  }

  heard(coordinator: SimProcess, { renewals }: WorkRequest__Output): void {
    if (coordinator !== this.clock.process) return;
    for (const { trial, leaseToken } of renewals)
      this.heardMs.set(`${trial} under token ${leaseToken}`, this.world.nowMs);
  }

  told(_: SimProcess, workerId: string, response: WorkResponse): void {
    for (const { key } of response.leases ?? []) this.checkLease(workerId, key as LeaseKey__Output);
    for (const { key, verdict } of response.acks ?? []) this.checkAck(key as LeaseKey__Output, String(verdict));
  }

  private checkLease(workerId: string, { trial, leaseToken }: LeaseKey__Output): void {
    const lease = `${trial} under token ${leaseToken}`;
    this.world.note("wire", `${workerId} is given ${lease}`);
    if (this.given.has(lease)) this.violate(`${lease} is given twice`);
    this.given.add(lease);
    const row = this.rowOf(trial);
    if (row === undefined || row.leaseToken < leaseToken) this.violate(`${lease} is given before it is durable`);
    else if (row.leaseToken === leaseToken && row.workerId !== workerId) {
      this.violate(`${lease} is given to ${workerId}, and by the log to ${row.workerId}`);
    }
  }

  /** What is told of an outcome must be so in the log by then. */
  private checkAck({ trial, leaseToken }: LeaseKey__Output, verdict: string): void {
    const lease = `${trial} under token ${leaseToken}`;
    this.world.note("wire", `ack ${lease}: ${verdict}`);
    const row = this.rowOf(trial);
    const isItsLease = row?.leaseToken === leaseToken;
    const isMeasured = isItsLease && row.state === "completed" && this.reports.hasMeasured(lease, nonceOf(row));
    switch (verdict) {
      case "VERDICT_ACCEPTED": {
        const reason = this.jobOf(trial)?.failedLeases.get(lease);
        const isFailed = reason !== undefined && this.reports.hasFailed(lease, reason);
        if (!isMeasured && !isFailed) this.violate(`the outcome of ${lease} is accepted, but the log does not have it`);
        return;
      }
      case "VERDICT_STALE":
        if (isMeasured) this.violate(`the outcome of ${lease} counts, but its worker is told that it came too late`);
        if (isItsLease && row.state === "leased")
          this.violate(`the outcome of ${lease} is refused while the lease is open`);
        return;
      default:
        this.violate(`the outcome of ${lease} is answered ${verdict}`);
    }
  }

  /** A lease is lost only after it was not heard of for as long as it lives. */
  private checkExpiry(before: TrialRecord, after: TrialRecord): void {
    const lease = leaseText(after.job, after.trial, after.leaseToken);
    const heardMs = this.heardMs.get(lease);
    const { leaseTtlMs, skewMs, clockSetMs } = this.clock;
    if (heardMs === undefined || !(after.failureReason === "lost" || after.failureReason === "quarantined")) return;
    // Taken back from a worker that was never told of it.
    if (attemptsOf(after) === attemptsOf(before)) return;
    // By a clock that was set meanwhile, nobody can tell.
    if (before.leaseTimeMs === null || clockSetMs >= Math.min(heardMs, before.leaseTimeMs - epochMs - skewMs)) return;
    const decidedMs = before.leaseTimeMs + after.busyMs - before.busyMs - epochMs - skewMs;
    const silentMs = decidedMs - heardMs;
    if (silentMs >= 0 && silentMs < leaseTtlMs)
      this.violate(`${lease} counts as lost ${silentMs} ms after it was heard of`);
  }

  private jobOf(trialName: string): JobLedger | undefined {
    return this.jobs.get(parseTrialName(trialName)?.job ?? "");
  }

  private rowOf(trialName: string): TrialRecord | undefined {
    return this.jobOf(trialName)?.rows.get(parseTrialName(trialName)?.trial ?? 0);
  }
}

function describe({ newTrials, trials, record, snapshotJson }: JobCommit): string {
  const rows = trials.map(
    (row) => `${row.trial}:${row.state}/${row.leaseToken}${row.failureReason ? `(${row.failureReason})` : ""}`,
  );
  const created = newTrials.length === 0 ? "" : ` new ${newTrials.map(({ trial }) => trial).join()}`;
  return `${rows.join(" ")}${created}${snapshotJson === null ? "" : " snapshot"} ${record?.state ?? ""}`;
}
