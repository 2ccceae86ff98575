import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import { namedStream, uniformIndex } from "../../../coordinator/search/rng.ts";
import { builtProgram } from "../built-program.ts";
import { compareEndings, type Comparison } from "./ending.ts";
import { CrashLane, type CrashPoint, type CrashRun } from "./lane.ts";

/** What came of one point. */
export interface PointOutcome extends Comparison {
  readonly point: CrashPoint;
  /** False where the job ended before it came to the point, in every try. */
  readonly wasKilled: boolean;
}

/** What came of all points of a campaign. */
export interface CampaignReport {
  /** Commits of the undisturbed job. */
  readonly commits: number;
  readonly trials: number;
  readonly outcomes: readonly PointOutcome[];
  /** Whether the worker process that was there at the start was there at the end. */
  readonly workersSurvived: boolean;
}

/** How often a job is run for a point that it did not come to: batches, and so commits, differ a little from run to run. */
const triesPerPoint = 3;

/** Every point of a job with so many commits, in order. */
export function allPoints(commits: number): readonly CrashPoint[] {
  const numbers = Array.from({ length: commits }, (_, index) => index + 1);
  return numbers.flatMap((commit) => [{ commit, when: "before" } as const, { commit, when: "after" } as const]);
}

/** `count` different ones of all points; the same for the same seed. */
export function samplePoints(commits: number, count: number, seed: number): readonly CrashPoint[] {
  const points = [...allPoints(commits)];
  const stream = namedStream(seed, "points");
  return Array.from({ length: Math.min(count, points.length) }, () =>
    points.splice(uniformIndex(stream, points.length), 1),
  ).flat();
}

/**
 * Kills the coordinator of a job at each of the points that `choose` names, a job for each, and compares what became of the jobs with
 * an undisturbed one. Each store has a lane of its own, and all lanes one worker process, which outlives the kills.
 * @param onOutcome is told as each point is done
 */
export async function runCampaign(
  urls: readonly string[],
  choose: (commits: number) => readonly CrashPoint[],
  onOutcome: (outcome: PointOutcome, done: number, of: number) => void,
): Promise<CampaignReport> {
  const lanes = urls.map((url, index) => new CrashLane(url, `lane${index + 1}`));
  let workers: ChildProcess | null = null;
  try {
    const addresses = await Promise.all(lanes.map((lane) => lane.start()));
    workers = spawn(process.execPath, [builtProgram("test/support/crash/workers.ts"), ...addresses], {
      stdio: ["pipe", "ignore", "inherit"],
    });
    // Workers that come one after another spread the first leases over more commits than those that are there.
    await lanes[0]?.run(null);
    const reference = await lanes[0]?.run(null);
    if (reference === undefined) throw new Error("a campaign needs a store");
    const points = choose(reference.commits);
    const waiting = [...points];
    const outcomes: PointOutcome[] = [];
    await Promise.all(
      lanes.map(async (lane) => {
        for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
          const outcome = await tryPoint(lane, point, reference);
          outcomes.push(outcome);
          onOutcome(outcome, outcomes.length, points.length);
        }
      }),
    );
    const workersSurvived = workers.exitCode === null && workers.signalCode === null;
    return { commits: reference.commits, trials: reference.ending.trials.length, outcomes, workersSurvived };
  } finally {
    if (workers !== null) {
      const exited = workers.exitCode === null && workers.signalCode === null ? once(workers, "exit") : null;
      workers.stdin?.end();
      await exited;
    }
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

async function tryPoint(lane: CrashLane, point: CrashPoint, reference: CrashRun): Promise<PointOutcome> {
  let run = await lane.run(point);
  for (let tries = 1; !run.wasKilled && tries < triesPerPoint; tries += 1) run = await lane.run(point);
  return { point, wasKilled: run.wasKilled, ...compareEndings(reference.ending, run.ending) };
}
