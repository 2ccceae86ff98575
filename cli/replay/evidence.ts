import type { Round, Trial } from "../../client/types.ts";
import type { Command, Event, RoundSummary } from "../../coordinator/search/types.ts";
import { toSummary } from "../export-job.ts";
import { firstDifference, type Difference } from "./difference.ts";

/** What a log says of one trial. */
interface TrialEvidence {
  readonly event: number;
  readonly outcome: object;
}

/**
 * What a log says of trials and rounds, by the event that says it. The coordinator keeps both in rows of their own, so that an event
 * that was changed is found where it stands, and not only by the state that follows from it.
 */
export class Evidence {
  private readonly outcomes = new Map<number, TrialEvidence>();
  private readonly arms = new Map<number, { readonly event: number; readonly arms: readonly number[] }>();
  private readonly rounds = new Map<number, { readonly event: number; readonly summary: RoundSummary }>();

  /** Takes in an event and what followed from it. */
  note(seq: number, event: Event, commands: readonly Command[]): void {
    if (event.type === "trialCompleted") {
      this.outcomes.set(event.trial, { event: seq, outcome: { measurement: event.measurement } });
    }
    if (event.type === "trialFailed")
      this.outcomes.set(event.trial, { event: seq, outcome: { failure: event.reason } });
    for (const command of commands) {
      if (command.type === "createTrials") {
        for (const { trial, arms, earlier } of command.trials) {
          this.arms.set(trial, { event: seq, arms });
          if (earlier !== null) this.outcomes.set(trial, { event: seq, outcome: { measurement: earlier.measurement } });
        }
      }
      if (command.type === "closeRound")
        this.rounds.set(command.summary.round, { event: seq, summary: command.summary });
    }
  }

  /** Holds it against the rows; the first difference in the order of events, or null. */
  async check(trials: AsyncIterable<Trial>, rounds: AsyncIterable<Round>): Promise<Difference | null> {
    const found: Difference[] = [];
    for await (const trial of trials) found.push(...this.checkTrial(trial));
    for (const [trial, { event, outcome }] of this.outcomes) {
      found.push({ event, path: `trials[${trial}]`, replayed: outcome });
    }
    for await (const round of rounds) found.push(...this.checkRound(round));
    for (const [round, { event, summary }] of this.rounds) {
      found.push({ event, path: `rounds[${round}]`, replayed: summary });
    }
    return found.sort((a, b) => a.event - b.event)[0] ?? null;
  }

  /** What was checked is forgotten: what is left then has no row. */
  private checkTrial({ name, arms, measurement, failure }: Trial): readonly Difference[] {
    const trial = Number(name.slice(name.lastIndexOf("/") + 1));
    const path = `trials[${trial}]`;
    const created = this.arms.get(trial);
    const ended = this.outcomes.get(trial);
    this.outcomes.delete(trial);
    const stored = measurement === null ? { failure: failure?.reason } : { measurement };
    return [
      ...(created === undefined ? [] : at(created.event, firstDifference(`${path}.arms`, arms, created.arms))),
      ...(ended === undefined ? [] : at(ended.event, firstDifference(path, stored, ended.outcome))),
    ];
  }

  private checkRound(round: Round): readonly Difference[] {
    const closed = this.rounds.get(round.round);
    this.rounds.delete(round.round);
    if (closed === undefined) return [];
    return at(closed.event, firstDifference(`rounds[${round.round}]`, toSummary(round), closed.summary));
  }
}

function at(event: number, difference: Omit<Difference, "event"> | null): readonly Difference[] {
  return difference === null ? [] : [{ event, ...difference }];
}
