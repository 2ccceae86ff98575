import { SpecError, type EvaluatorSpec, type JobSpec, type SpecMistake } from "../../spec/types.ts";
import type { EarlierTrial } from "../search/types.ts";
import type { JobRecord, Storage } from "../storage/storage.ts";
import type { JobPlan } from "./active-job.ts";
import { readMeasurement } from "./known-trials.ts";
import { readFiles } from "./load-job.ts";
import { jobKey } from "./names.ts";
import type { Turn } from "./turn.ts";

/**
 * Sees to it that the results of the jobs that a new job is to reuse mean the same as its own would: each is another job of the
 * project, evaluated alike. Seeds may differ. Rejects with SpecError, which names every job that cannot be reused and why, and with
 * StorageError.
 * @param files the new job's, as `planJob` takes them.
 */
export async function checkReuse(
  { key, spec }: JobPlan,
  project: string,
  files: ReadonlyMap<string, string>,
  storage: Storage,
): Promise<void> {
  const mistakes: SpecMistake[] = [];
  for (const [index, id] of spec.reuse.entries()) {
    const earlier = jobKey(project, id);
    const record = earlier === key ? null : await storage.getJob(earlier);
    const message =
      earlier === key
        ? "must name another job than this one."
        : record === null
          ? `there is no job ${id} in project ${project} of this coordinator's store.`
          : describeDifference(id, spec.evaluator, files, record);
    if (message !== null) mistakes.push({ path: `reuse[${index}]`, message });
  }
  if (mistakes.length > 0) throw new SpecError(mistakes);
}

/**
 * The networks of these hashes that jobs of the spec's `reuse` have completed; of several jobs the one named first. What has failed
 * there may be tried again. Rejects with StorageError.
 */
export async function findEarlier(
  turn: Turn,
  storage: Storage,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, EarlierTrial>> {
  const found = new Map<string, EarlierTrial>();
  for (const id of turn.job.plan.spec.reuse) {
    const job = jobKey(turn.record.project, id);
    const missing = hashes.filter((hash) => !found.has(hash));
    if (missing.length === 0) break;
    for (const row of await storage.findTrials(job, missing)) {
      const measurement = row.state === "completed" ? readMeasurement(row) : null;
      if (measurement === null || found.has(row.networkHash)) continue;
      found.set(row.networkHash, { job, trial: row.trial, measurement });
    }
  }
  return found;
}

/** What tells the evaluations of two jobs apart, as a sentence about the job `id`; null where they are the same. */
function describeDifference(
  id: string,
  evaluator: EvaluatorSpec,
  files: ReadonlyMap<string, string>,
  record: JobRecord,
): string | null {
  const earlier = (JSON.parse(record.specJson) as JobSpec).evaluator;
  const theirs = settingsOf(earlier, readFiles(record));
  const ours = settingsOf(evaluator, files);
  const shared = earlier.type === evaluator.type ? Object.keys(ours) : ["evaluator"];
  const differences = shared
    // How long an evaluation may take does not change what it finds.
    .filter((name) => name !== "timeLimitMs" && theirs[name] !== ours[name])
    .map((name) => `${name} ${String(theirs[name])}, not ${String(ours[name])}`);
  if (differences.length === 0) return null;
  return `must name a job with the same evaluator; ${id} has ${differences.join(", and ")}.`;
}

/** Everything that an evaluation depends on but the network and the seed, by name; a table by what is in it, not by its path. */
function settingsOf(
  evaluator: EvaluatorSpec,
  files: ReadonlyMap<string, string>,
): Readonly<Record<string, string | number>> {
  switch (evaluator.type) {
    case "tabular":
      return { evaluator: "tabular", "a table of SHA-256": files.get(evaluator.table) ?? "" };
    case "train":
    case "supernet": {
      const { type, ...settings } = evaluator;
      return { evaluator: type, ...settings };
    }
    case "command": {
      const { type, run, env, steps = 0 } = evaluator;
      const contents = evaluator.files.map((path) => [path, files.get(path) ?? ""]);
      const variables = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
      const text = { run: JSON.stringify(run), env: JSON.stringify(variables), files: JSON.stringify(contents) };
      return { evaluator: type, ...text, steps };
    }
  }
}
