import type { FailureReason } from "../../../network/measurement.ts";
import { formatTrialName } from "../../../coordinator/scheduling/names.ts";
import type { Outcome } from "../../../worker/client/lease.ts";
import { nonceName } from "../cluster/evaluator.ts";

/** What a worker said of one lease: an evaluation by its number, or a failure. */
type Report = { readonly nonce: number } | { readonly reason: FailureReason };

/** The text that names a lease: the trial as on the wire, and the token. */
export function leaseText(job: string, trial: number, token: number): string {
  return `${formatTrialName(job, trial)} under token ${token}`;
}

/** All that workers have reported, by lease. */
export class Reports {
  private readonly byLease = new Map<string, Report[]>();

  add({ key, result }: Outcome): void {
    const text = `${key.trial} under token ${key.leaseToken}`;
    const reports = this.byLease.get(text) ?? [];
    this.byLease.set(text, reports);
    if (result.type === "failed") reports.push({ reason: result.reason });
    else reports.push({ nonce: result.measurement.extra[nonceName] ?? -1 });
  }

  /** Whether a worker reported this evaluation under this lease. */
  hasMeasured(lease: string, nonce: number): boolean {
    return this.of(lease).some((report) => "nonce" in report && report.nonce === nonce);
  }

  hasFailed(lease: string, reason: string): boolean {
    return this.of(lease).some((report) => "reason" in report && report.reason === reason);
  }

  private of(lease: string): readonly Report[] {
    return this.byLease.get(lease) ?? [];
  }
}
