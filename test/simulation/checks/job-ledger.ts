import type { JobState as SearchState } from "../../../coordinator/search/job-state.ts";
import { encodeSnapshot } from "../../../coordinator/search/snapshot.ts";
import type { Command, Event, JobOutcome } from "../../../coordinator/search/types.ts";
import type { JobCommit, RequestRecord, TrialRecord } from "../../../coordinator/storage/storage.ts";
import { knowJob, textOf, type KnownJob } from "../cluster/jobs.ts";
import type { SimWeights } from "../cluster/weights.ts";
import { leaseText, type Reports } from "./reports.ts";
import { checkChange, checkNewRow, hasEnded } from "./rows.ts";
import { WeightsLedger } from "./weights-ledger.ts";

const controls: readonly string[] = ["jobStarted", "jobPaused", "jobResumed", "jobCancelled"];

/** What the search wants done by the commit that holds its events. */
interface Wanted {
  readonly created: Set<number>;
  readonly cancelled: Set<number>;
  rounds: number;
}

/**
 * One job as its durable log has it, and a search that follows the log from the spec. Every commit must do what that search wants done,
 * no less and no more, and leave every trial with at most one outcome.
 */
export class JobLedger {
  readonly key: string;
  readonly rows = new Map<number, TrialRecord>();
  /** Leases that ended without a measurement, and the reason that was stored. */
  readonly failedLeases = new Map<string, string>();
  state = "";
  outcome: JobOutcome | null = null;
  snapshotJson = "";
  /** Whether a trial was given up that might have been measured: the job may then find something else than undisturbed. */
  hasGivenUp = false;
  readonly known: KnownJob;
  private readonly reports: Reports;
  private readonly weights: WeightsLedger | null;
  private readonly violate: (what: string) => void;
  private search: SearchState;
  private seq = 0;
  private readonly byHash = new Map<string, number>();
  private readonly outcomes = new Map<number, string>();

  constructor(key: string, specJson: string, reports: Reports, weights: SimWeights, violate: (what: string) => void) {
    this.key = key;
    this.known = knowJob(specJson);
    this.reports = reports;
    this.violate = (what) => violate(`${key}: ${what}`);
    this.search = this.known.search.init(this.known.spec.seed);
    this.weights = this.known.spec.evaluator.type === "supernet" ? new WeightsLedger(weights, key, this.violate) : null;
  }

  land(commit: JobCommit, request: RequestRecord | null): void {
    if (this.outcome !== null) this.violate("is written to after its end");
    if (commit.expectedSeq !== this.seq) this.violate(`is written to at ${commit.expectedSeq}, not at ${this.seq}`);
    const wanted: Wanted = { created: new Set(), cancelled: new Set(), rounds: 0 };
    const told = new Map<number, string>();
    let effects = 0;
    for (const text of commit.events) {
      const event = JSON.parse(text) as Event;
      if (controls.includes(event.type)) effects += 1;
      if (event.type === "trialCompleted" || event.type === "trialFailed") this.takeOutcome(event, told);
      this.weights?.take(event);
      const [state, commands] = this.known.search.step(this.search, event);
      this.search = state;
      for (const command of commands) this.want(command, wanted);
    }
    this.seq += commit.events.length;
    if (effects !== (request === null ? 0 : 1)) {
      this.violate(`${effects} effects of requests are committed with ${request?.requestId ?? "no request"}`);
    }
    this.takeRows(commit, wanted, told);
    this.takeRecord(commit, wanted);
  }

  /** Whether the job has come to its end, in every respect; says what is wrong otherwise. */
  checkEnd(): void {
    if (this.outcome === null) {
      this.violate(`does not end; it is ${this.state}`);
      return;
    }
    for (const row of this.rows.values())
      if (!hasEnded(row)) this.violate(`has ended, but trial ${row.trial} is ${row.state}`);
    if (this.snapshotJson !== encodeSnapshot(this.search)) this.violate("its log does not replay to its snapshot");
    this.weights?.checkEnd(this.outcome);
    const { undisturbed } = this.known;
    if (undisturbed === null || this.hasGivenUp || this.outcome.type === "cancelled") return;
    if (textOf(this.outcome) !== undisturbed) this.violate("finds something else than undisturbed");
  }

  private takeOutcome(
    event: Extract<Event, { type: "trialCompleted" | "trialFailed" }>,
    told: Map<number, string>,
  ): void {
    if (this.outcomes.has(event.trial)) this.violate(`trial ${event.trial} has two outcomes`);
    const text = event.type === "trialCompleted" ? JSON.stringify(event.measurement) : event.reason;
    this.outcomes.set(event.trial, text);
    told.set(event.trial, text);
    if (event.type === "trialFailed" && event.reason !== "infeasible") this.hasGivenUp = true;
  }

  private want(command: Command, wanted: Wanted): void {
    switch (command.type) {
      // Neither stores anything by itself: their answers come back as events.
      case "lookupNetworks":
        return;
      case "mergeWeights":
        this.weights?.want(command);
        return;
      case "createTrials":
        for (const { trial } of command.trials) wanted.created.add(trial);
        return;
      case "cancelTrials":
        for (const trial of command.trials) wanted.cancelled.add(trial);
        return;
      case "closeRound":
        wanted.rounds += 1;
        return;
      case "finishJob":
        this.outcome = command.outcome;
        return;
    }
  }

  private takeRows(commit: JobCommit, wanted: Wanted, told: ReadonlyMap<number, string>): void {
    for (const row of commit.newTrials) {
      if (!wanted.created.delete(row.trial)) this.violate(`trial ${row.trial} is created, and no event created it`);
      if (this.rows.has(row.trial)) this.violate(`trial ${row.trial} is created twice`);
      this.complain(row, checkNewRow(row));
      const twin = this.rows.get(this.byHash.get(row.networkHash) ?? 0);
      const isTwice = twin !== undefined && twin.state !== "cancelled" && row.role === "search";
      if (isTwice && this.weights === null) {
        this.violate(`trials ${twin.trial} and ${row.trial} are of the same network`);
      }
      this.byHash.set(row.networkHash, row.trial);
      this.rows.set(row.trial, row);
    }
    if (wanted.created.size > 0) this.violate(`trials ${[...wanted.created].join()} are not created with their event`);
    for (const update of commit.trials) this.change(update, told);
    for (const trial of told.keys()) {
      if (!commit.trials.some((row) => row.trial === trial))
        this.violate(`trial ${trial} has an outcome, but its row does not`);
    }
    for (const trial of wanted.cancelled) {
      if (this.rows.get(trial)?.state !== "cancelled") this.violate(`trial ${trial} is not cancelled with its event`);
    }
    for (const row of commit.trials) if (row.state === "leased") this.weights?.lease(this.rows.get(row.trial));
    const searched = [...this.rows.values()].filter(({ role, reusedFrom }) => role === "search" && reusedFrom === null);
    const budget = this.known.spec.search.budget.trials;
    if (searched.length > budget) this.violate(`${searched.length} trials are created of ${budget}`);
  }

  private change(update: JobCommit["trials"][number], told: ReadonlyMap<number, string>): void {
    const before = this.rows.get(update.trial);
    if (before === undefined) {
      this.violate(`trial ${update.trial} changes before it is created`);
      return;
    }
    const after = { ...before, ...update };
    this.complain(after, checkChange(before, after, this.reports));
    if (after.leaseToken > before.leaseToken && this.state !== "running") {
      this.violate(`trial ${after.trial} is leased while the job is ${this.state}`);
    }
    if (after.state !== "leased" && after.failureReason !== null) {
      this.failedLeases.set(leaseText(this.key, after.trial, after.leaseToken), after.failureReason);
    }
    const isOutcome = hasEnded(after) && after.state !== "cancelled";
    if (isOutcome && told.get(after.trial) !== (after.measurementJson ?? after.failureReason)) {
      this.violate(`trial ${after.trial} is ${after.state}, and no event says so`);
    }
    if (!isOutcome && told.has(after.trial)) this.violate(`trial ${after.trial} has an outcome, but is ${after.state}`);
    this.rows.set(after.trial, after);
  }

  private takeRecord({ record, snapshotJson, rounds }: JobCommit, wanted: Wanted): void {
    if (record !== null) this.state = record.state;
    const expected = this.outcome?.type ?? (this.state === "paused" ? "paused" : "running");
    if (this.state !== expected) this.violate(`is ${this.state}, and by its log ${expected}`);
    if (rounds.length !== wanted.rounds) this.violate(`${rounds.length} rounds are stored of ${wanted.rounds} closed`);
    if (snapshotJson === null) {
      if (wanted.rounds > 0 || this.outcome !== null) this.violate("a round closes without a snapshot");
      return;
    }
    if (snapshotJson !== encodeSnapshot(this.search)) this.violate("its log does not replay to its snapshot");
    this.snapshotJson = snapshotJson;
  }

  private complain({ trial }: TrialRecord, what: string | null): void {
    if (what !== null) this.violate(`trial ${trial} ${what}`);
  }
}
