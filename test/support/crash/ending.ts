import type { FpnasClient } from "../../../client/client.ts";
import type { Job, Trial } from "../../../client/types.ts";
import { replayJob } from "../../../cli/replay/replay-log.ts";

/** What became of a job: everything that must not depend on what happened on the way, and what must hold of it. */
export interface Ending {
  readonly state: string;
  /** Without the job's name and times. */
  readonly result: string;
  /** The state of the search at its end, its distribution included, but for the time of its start. */
  readonly snapshot: string;
  readonly rounds: string;
  /** By number: the arms, and how each ended. */
  readonly trials: readonly string[];
  /** How many events each trial's outcome has in the log: one, if nothing was lost or doubled. */
  readonly outcomes: ReadonlyMap<number, number>;
  /** Whether the log, replayed, comes to the stored state byte for byte. */
  readonly replays: boolean;
}

/** Reads all there is of a job that has ended. Rejects with FpnasError. */
export async function readEnding(client: FpnasClient, job: Job): Promise<Ending> {
  const trials: string[] = [];
  for await (const trial of client.listTrials(job.name)) trials.push(describeTrial(trial));
  const rounds: unknown[] = [];
  for await (const round of client.listRounds(job.name)) rounds.push(round);
  const outcomes = new Map<number, number>();
  let snapshot = "";
  for await (const part of client.readJobLog(job.name)) {
    if (part.type === "head") snapshot = withoutTimes(JSON.parse(part.snapshot?.json ?? "null"));
    else {
      for (const { json } of part.events) {
        const event = JSON.parse(json) as { type: string; trial?: number };
        if (event.trial !== undefined) outcomes.set(event.trial, (outcomes.get(event.trial) ?? 0) + 1);
      }
    }
  }
  const { identical } = await replayJob(client, job.name);
  const result = withoutTimes({ ...job.result, job: "", wallSeconds: 0, workerBusyFraction: 0 });
  return { state: job.state, result, snapshot, rounds: withoutTimes(rounds), trials, outcomes, replays: identical };
}

/** How an ending compares with that of an undisturbed job. */
export interface Comparison {
  /** Trials whose outcome is missing, or another. */
  readonly lost: number;
  /** Trials with more than one outcome, or more trials than there should be. */
  readonly doubled: number;
  /** What else differs, by name. */
  readonly differing: readonly string[];
  /** The first trial that is another, as it should be and as it is; null where there is none. */
  readonly example: readonly [expected: string, found: string | undefined] | null;
}

export function compareEndings(expected: Ending, found: Ending): Comparison {
  const others = expected.trials.flatMap((text, index) =>
    text === found.trials[index] ? [] : [[text, found.trials[index]] as const],
  );
  const silent = expected.trials.filter((_, index) => !found.outcomes.has(index + 1)).length;
  const repeated = [...found.outcomes.values()].filter((count) => count > 1).length;
  const surplus = Math.max(0, found.trials.length - expected.trials.length);
  const parts = ["state", "result", "snapshot", "rounds"] as const;
  return {
    lost: Math.max(others.length, silent),
    doubled: repeated + surplus,
    differing: [...parts.filter((part) => found[part] !== expected[part]), ...(found.replays ? [] : ["replay"])],
    example: others[0] ?? null,
  };
}

function describeTrial({ arms, state, role, measurement, failure, round }: Trial): string {
  return withoutTimes([role, round, arms, state, measurement, failure]);
}

/** What tells of times: when the job started, and where those of evaluations went. */
const ofTime = new Set(["startMs", "extra", "exchange"]);

function withoutTimes(value: unknown): string {
  return JSON.stringify(value, (name, part: unknown) => (ofTime.has(name) ? 0 : part));
}
