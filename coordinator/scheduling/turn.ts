import type { JobState as SearchState } from "../search/job-state.ts";
import { encodeSnapshot } from "../search/snapshot.ts";
import type { RoundSummary } from "../search/types.ts";
import type { JobCommit, JobRecord, RequestRecord, RoundRecord, TrialRecord } from "../storage/storage.ts";
import type { ActiveJob } from "./active-job.ts";
import type { JobCheckpoint } from "./checkpoint.ts";
import { Outbox } from "./outbox.ts";
import { describeProgress, describeRound } from "./progress.ts";
import { recordAnswer, type RequestId } from "./requests.ts";
import { withWork, type Usage, type Work } from "./usage.ts";

/**
 * One turn of a job: what is about to change, over what the job has now. Nothing outside sees it before it is committed; a turn that
 * cannot be committed is thrown away and made anew.
 */
export class Turn {
  readonly job: ActiveJob;
  readonly nowMs: number;
  readonly events: string[] = [];
  /** Rows that this turn has changed or created. */
  readonly changed = new Map<number, TrialRecord>();
  private readonly created = new Set<number>();
  readonly outbox = new Outbox();
  record: JobRecord;
  state: SearchState;
  /** The request that this turn answers. */
  answers: RequestId | null = null;
  private readonly rounds: RoundRecord[] = [];
  private readonly keptFiles: string[] = [];
  /** Of the outcomes that this turn takes in. */
  readonly works: Work[] = [];
  private readonly effects: (() => void)[] = [];
  private wantsSnapshot = false;

  constructor(job: ActiveJob, nowMs: number) {
    this.job = job;
    this.nowMs = nowMs;
    this.record = job.checkpoint.record;
    this.state = job.checkpoint.state;
  }

  get hasEnded(): boolean {
    return this.record.state !== "running" && this.record.state !== "paused";
  }

  /** Whether there is anything to commit. */
  get isEmpty(): boolean {
    return this.events.length === 0 && this.changed.size === 0 && this.record === this.job.checkpoint.record;
  }

  /** The row of a trial that is open, or that this turn has changed. */
  row(trial: number): TrialRecord | undefined {
    return this.changed.get(trial) ?? this.job.open.get(trial);
  }

  /** Rows that are pending or leased as this turn has it. */
  openRows(): readonly TrialRecord[] {
    const rows = new Map([...this.job.open, ...this.changed]);
    return [...rows.values()].filter((row) => row.state === "pending" || row.state === "leased");
  }

  create(row: TrialRecord): void {
    this.created.add(row.trial);
    this.changed.set(row.trial, row);
  }

  /** Changes how a trial stands. */
  put(row: TrialRecord): void {
    this.changed.set(row.trial, row);
  }

  closeRound(summary: RoundSummary): void {
    const { key, space } = this.job.plan;
    const round = describeRound(summary, space.choices);
    this.rounds.push({ job: key, round: summary.round, summaryJson: JSON.stringify(round) });
    this.wantsSnapshot = true;
  }

  /** Has a file, put as a checkpoint before, stay for good. */
  keepFile(sha256: string): void {
    this.keptFiles.push(sha256);
  }

  /** Has the core's state stored with this turn. */
  takeSnapshot(): void {
    this.wantsSnapshot = true;
  }

  get roundsClosed(): number {
    return this.rounds.length;
  }

  /** How the workers' time was used as of this turn. */
  get usage(): Usage {
    return withWork(this.job.meter.usage, this.works);
  }

  /** Runs once the turn is durable and the job has taken it over. */
  afterwards(effect: () => void): void {
    this.effects.push(effect);
  }

  runEffects(): void {
    for (const effect of this.effects) effect();
  }

  /** What the job is after this turn. */
  get checkpoint(): JobCheckpoint {
    return { record: this.record, state: this.state, seq: this.job.checkpoint.seq + this.events.length };
  }

  /** Brings the row's progress up to date, and says what is to be stored: the job's share, and the first answer to the request. */
  seal(): readonly [JobCommit, RequestRecord | null] {
    const { plan, checkpoint } = this.job;
    if (this.events.length > 0) {
      this.record = { ...this.record, progressJson: JSON.stringify(describeProgress(plan, this.state, this.usage)) };
    }
    const rows = [...this.changed.values()];
    const request = this.answers === null ? null : recordAnswer(this.answers, this.record, this.nowMs);
    const commit: JobCommit = {
      job: plan.key,
      expectedSeq: checkpoint.seq,
      events: this.events,
      newTrials: rows.filter(({ trial }) => this.created.has(trial)),
      trials: rows.filter(({ trial }) => !this.created.has(trial)),
      rounds: this.rounds,
      keptFiles: this.keptFiles,
      snapshotJson: this.wantsSnapshot ? encodeSnapshot(this.state) : null,
      record: this.record === checkpoint.record ? null : this.record,
    };
    return [commit, request];
  }
}
