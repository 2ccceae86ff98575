import type { Command, Event, JobOutcome } from "../../../coordinator/search/types.ts";
import type { TrialRecord } from "../../../coordinator/storage/storage.ts";
import type { SimWeights } from "../cluster/weights.ts";

/**
 * The shared weights of one job as its log has them: a version a round, each there before the log says so, of updates that were there before the
 * log names them, and every draw that ended in one merge or among those that came too late.
 */
export class WeightsLedger {
  private readonly weights: SimWeights;
  private readonly job: string;
  private readonly violate: (what: string) => void;
  private version = 0;
  /** Updates that outcomes named, and that merges took. */
  private readonly named: string[] = [];
  private merged = 0;
  private failed = 0;

  constructor(weights: SimWeights, job: string, violate: (what: string) => void) {
    this.weights = weights;
    this.job = job;
    this.violate = violate;
  }

  /** An event of the log. */
  take(event: Event): void {
    if (event.type === "weightsMerged") {
      if (event.version !== this.version + 1) this.violate(`version ${event.version} follows version ${this.version}`);
      this.version = event.version;
      if (!this.weights.hasVersion(this.job, event.version))
        this.violate(`version ${event.version} is told, but not there`);
    }
    if (event.type === "trialFailed") this.failed += 1;
    if (event.type !== "trialCompleted" || event.measurement.update === undefined) return;
    const { sha256 } = event.measurement.update;
    this.named.push(sha256);
    if (!this.weights.hasUpdate(this.job, sha256))
      this.violate(`trial ${event.trial} counts, but its update is not there`);
  }

  /** A merge that the search asks for. */
  want({ round, updates }: Extract<Command, { type: "mergeWeights" }>): void {
    if (round !== this.version) this.violate(`the merge of round ${round} is wanted at version ${this.version}`);
    this.merged += updates.length;
    for (const { sha256 } of updates)
      if (!this.named.includes(sha256))
        this.violate(`the merge of round ${round} takes an update that no outcome named`);
  }

  /** A trial that is under lease now: what it needs is there. */
  lease(row: TrialRecord | undefined): void {
    if (row?.state !== "leased" || (row.role !== "search" && row.role !== "finalist")) return;
    if (!this.weights.hasVersion(this.job, row.round))
      this.violate(`trial ${row.trial} is leased, but version ${row.round} is not there`);
  }

  /** Every draw that was measured is in a merge, or counted as stale, as are failed ones that came as late. */
  checkEnd(outcome: JobOutcome): void {
    if (outcome.type !== "succeeded") return;
    const { version, stale } = outcome.result.supernet ?? { version: 0, stale: 0 };
    if (version !== this.version) this.violate(`ends with version ${version} of ${this.version}`);
    const lateFailures = stale - (this.named.length - this.merged);
    if (lateFailures < 0 || lateFailures > this.failed)
      this.violate(
        `${this.named.length} draws were measured, ${this.merged} merged and ${stale} too late, ${this.failed} failed`,
      );
  }
}
