import type { Job } from "../../client/types.ts";
import { formatBar, formatCount, formatDuration, formatShare, formatSparkline, formatWorkers } from "../format.ts";

/** What is told of a job under way. */
export interface ProgressInput {
  readonly job: Job;
  /** Entropy after each closed round, in nats, and its draws. */
  readonly rounds: readonly { readonly entropy: number; readonly draws: number }[];
  /** When the job was first seen by this process, and how many trials had ended by then. */
  readonly sinceMs: number;
  readonly endedBefore: number;
  readonly nowMs: number;
}

const barWidth = 30;
const sparklineWidth = 40;
const shownDraws = 12;

/** The live block: a bar with the time left, the distribution, the best network so far. */
export function progressLines(input: ProgressInput): readonly string[] {
  const { job, rounds } = input;
  const { progress } = job;
  const { share, done } = howFar(input);
  const left = timeLeftMs(input);
  const draws = rounds.slice(-shownDraws).map(({ draws }) => draws);
  return [
    `${formatBar(share, barWidth)} ${String(Math.floor(100 * share))}%  ${done}${left === null ? "" : `  about ${formatDuration(left)} left`}`,
    `stage    ${stageText(job)}, ${String(progress.rounds)} ${isAsynchronous(job) ? "updates made" : "rounds closed"}, ${workersText(job)}`,
    `entropy  ${entropyText(job)}  ${formatSparkline(
      rounds.map(({ entropy }) => entropy),
      progress.entropyStart,
      sparklineWidth,
    )}`,
    `draws    ${draws.length === 0 ? "" : `${rounds.length > shownDraws ? "… " : ""}${draws.join(" ")} `}(${isAsynchronous(job) ? "in flight" : "now"} ${String(progress.roundDraws)})`,
    `best     ${bestText(job)}`,
  ];
}

/** The same on one line, for logs. */
export function progressLine(input: ProgressInput): string {
  const { job } = input;
  const left = timeLeftMs(input);
  return [
    formatDuration(input.nowMs - job.createTimeMs),
    stageText(job),
    `${isAsynchronous(job) ? "update" : "round"} ${String(job.progress.rounds)}`,
    howFar(input).done,
    `entropy ${entropyText(job)}`,
    `best ${bestText(job)}`,
    workersText(job),
    ...(left === null ? [] : [`about ${formatDuration(left)} left`]),
  ].join(" | ");
}

/** How much of the budget is used up: of trials or of time, whichever ends the search first. */
function howFar({ job, nowMs }: ProgressInput): { readonly share: number; readonly done: string } {
  const { progress, spec } = job;
  if (progress.finalTotal > 0) {
    const what = isChoosing(job) ? "finalists" : "final networks";
    const done = `${String(progress.finalEnded)} of ${String(progress.finalTotal)} ${what}`;
    return { share: progress.finalEnded / progress.finalTotal, done };
  }
  const { trials, wallMs } = spec.search.budget;
  const byTime = wallMs === null ? 0 : (nowMs - job.createTimeMs) / wallMs;
  const share = Math.min(1, Math.max(progress.trialsEnded / trials, byTime));
  const failed = progress.trialsFailed === 0 ? "" : ` (${String(progress.trialsFailed)} failed)`;
  return { share, done: `${String(progress.trialsEnded)} of ${String(trials)} trials${failed}` };
}

/** Time until the search's budget is used up at the pace since this process looks on; null where it is not known. */
function timeLeftMs({ job, sinceMs, endedBefore, nowMs }: ProgressInput): number | null {
  const { progress, spec } = job;
  if (progress.finalTotal > 0 || job.state !== "running") return null;
  const { trials, wallMs } = spec.search.budget;
  const ended = progress.trialsEnded - endedBefore;
  const byTrials = ended > 0 ? ((nowMs - sinceMs) / ended) * (trials - progress.trialsEnded) : Infinity;
  const byTime = wallMs === null ? Infinity : wallMs - (nowMs - job.createTimeMs);
  const left = Math.max(0, Math.min(byTrials, byTime));
  return Number.isFinite(left) ? left : null;
}

/** Whether the answer of a supernet's search is being chosen among its finalists. */
function isChoosing({ progress }: Job): boolean {
  return progress.stage === "finalists";
}

function stageText(job: Job): string {
  const { state, progress, endTimeMs } = job;
  if (endTimeMs !== null) return state;
  const last = isChoosing(job) ? "choosing the answer" : "final training";
  const stage = progress.finalTotal > 0 ? last : (progress.stage ?? "starting");
  return state === "running" ? stage : `${stage} (${state})`;
}

/** How many workers can evaluate the job's trials; what it waits for where there is none. */
function workersText({ state, progress, spec }: Job): string {
  if (progress.workers > 0 || state !== "running") return formatWorkers(progress.workers);
  if (spec.evaluator.type === "command") return "waiting for workers with --allow-commands";
  return progress.stage === "final" ? "waiting for a worker that can train final networks" : "waiting for workers";
}

/** Whether the stage under way makes updates without waiting for whole rounds. */
function isAsynchronous({ progress, spec }: Job): boolean {
  return spec.search.stages.some(({ name, asynchronous }) => name === progress.stage && asynchronous !== undefined);
}

function entropyText({ progress }: Job): string {
  return `${progress.entropy.toFixed(2)} of ${progress.entropyStart.toFixed(2)} nats`;
}

function bestText({ progress: { best } }: Job): string {
  if (best === null) return "none yet";
  const cost = [
    ...(best.macs === null ? [] : [`${formatCount(best.macs)} MACs`]),
    ...(best.params === null ? [] : [`${formatCount(best.params)} params`]),
  ];
  return [formatShare(best.accuracy), ...cost].join(", ");
}
