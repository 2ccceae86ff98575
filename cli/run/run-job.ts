import { readFile } from "node:fs/promises";
import { pino } from "pino";
import { FpnasClient } from "../../client/client.ts";
import { FpnasError } from "../../client/errors.ts";
import type { Job } from "../../client/types.ts";
import { coordinatorDefaults } from "../../coordinator/config.ts";
import { startCoordinator, type RunningCoordinator } from "../../coordinator/serve.ts";
import { StorageError } from "../../coordinator/storage/storage.ts";
import { spaceLogSize, spaceSize } from "../../coordinator/search/space/size.ts";
import type { BackendPreference } from "../../worker/backend/select-backend.ts";
import { commandText } from "../../spec/command-text.ts";
import type { EvaluatorSpec } from "../../spec/types.ts";
import { exitCodeOf, jobId } from "../command.ts";
import { badInput, CliError } from "../errors.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { exportJob, reportNotes } from "../export-job.ts";
import { isFinished, type FinishedJob } from "../finished-job.ts";
import { algorithmText, formatCount, formatWorkers } from "../format.ts";
import type { LoadedSpec } from "../load-spec.ts";
import { noModelText } from "../model-export/gather-export.ts";
import { writeExport } from "../model-export/write-export.ts";
import { printErrors, printNote } from "../output.ts";
import { listenForStop, stopSignals, type StopSignals } from "../signals.ts";
import { WorkerPool } from "../worker-pool.ts";
import { followJob } from "./follow-job.ts";
import { printOutcome } from "./outcome-table.ts";
import { writeAtomically, type RunIdentity, type RunPaths } from "./run-folder.ts";

/** A run whose folder is claimed. */
export interface RunInput {
  readonly loaded: LoadedSpec;
  readonly identity: RunIdentity;
  readonly paths: RunPaths;
  readonly workers: number;
  readonly backend: BackendPreference;
  readonly json: boolean;
}

/** Lines of a worker's log that are shown when it dies again and again. */
const shownLogLines = 5;

/**
 * Runs a job to its end with a coordinator in this process and workers beside it, or as far as the first SIGINT or SIGTERM.
 * All that it needs to go on is in its folder: the job is found again by its fixed id. Throws CliError.
 */
export async function runJob(input: RunInput): Promise<ExitCode> {
  let pool: WorkerPool | null = null;
  const stop = listenForStop(stopSignals, () => pool?.kill());
  const coordinator = await openCoordinator(input.paths);
  const client = new FpnasClient(coordinator.address);
  try {
    describeRun(input, coordinator, await findOrCreate(client, input));
    pool = new WorkerPool({
      coordinator: coordinator.address,
      count: input.workers,
      backend: input.backend,
      // Whoever starts a run on this machine has chosen its spec.
      allowCommands: input.loaded.spec.evaluator.type === "command",
      logFile: input.paths.workerLog,
    });
    const job = await followToEnd(client, coordinator, pool, stop, input);
    return job === null ? interrupted(stop, input) : await conclude(client, job, input);
  } finally {
    await pool?.drain();
    client.close();
    await coordinator.stop();
    stop.dispose();
  }
}

async function openCoordinator(paths: RunPaths): Promise<RunningCoordinator> {
  try {
    return await startCoordinator({
      listen: "127.0.0.1:0",
      advertise: null,
      health: null,
      store: `sqlite:${paths.store}`,
      weights: paths.weights,
      leaseTtlMs: coordinatorDefaults.leaseTtlMs,
      logger: pino(pino.destination({ dest: paths.coordinatorLog, append: true, sync: true })),
    });
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== "busy") throw error;
    throw badInput(`another run is going on in ${paths.folder}; wait for it, or give another --out.`);
  }
}

/** The job of this folder; submitted if an earlier process did not come so far. */
async function findOrCreate(
  client: FpnasClient,
  { loaded, identity }: RunInput,
): Promise<{ readonly job: Job; readonly isNew: boolean }> {
  try {
    return { job: await client.getJob(identity.job), isNew: false };
  } catch (error) {
    if (!(error instanceof FpnasError) || error.code !== "not_found") throw error;
  }
  const files = new Map([...loaded.files].map(([path, { bytes }]) => [path, bytes]));
  const job = await client.createJob({ spec: loaded.value, files, jobId: jobId({ name: identity.job }) });
  return { job, isNew: true };
}

function describeRun(
  { loaded, paths, workers }: RunInput,
  { address }: RunningCoordinator,
  { job, isNew }: { readonly job: Job; readonly isNew: boolean },
): void {
  const { spec, space } = loaded;
  const size = `${formatCount(Number(spaceSize(space)))} samples, ${spaceLogSize(space).toFixed(2)} nats`;
  printNote(
    [
      `${isNew ? "starting" : "going on with"} ${spec.name}, seed ${String(spec.seed)}, in ${paths.folder}; coordinator at ${address}`,
      algorithmText(spec),
      `space ${space.name}: ${size}; networks are ${describeEvaluator(spec.evaluator)} by ${formatWorkers(workers)}`,
      ...reportNotes({ spec }),
      ...(job.state === "paused"
        ? [`the job is paused; go on with: fpnas resume ${jobId(job)} --coordinator ${address}`]
        : []),
    ].join("\n"),
  );
}

function describeEvaluator(evaluator: EvaluatorSpec): string {
  switch (evaluator.type) {
    case "train":
      return `trained on ${evaluator.dataset}`;
    case "supernet":
      return `slices of shared weights, trained on ${evaluator.dataset}`;
    case "tabular":
      return "looked up in a table";
    case "command":
      return `measured by ${commandText(evaluator.run)}`;
  }
}

/** The job in its final state; null after a signal. Throws CliError where the coordinator or the workers cannot go on. */
async function followToEnd(
  client: FpnasClient,
  coordinator: RunningCoordinator,
  pool: WorkerPool,
  stop: StopSignals,
  { identity, paths }: RunInput,
): Promise<Job | null> {
  const watching = new AbortController();
  const signal = AbortSignal.any([stop.signal, watching.signal]);
  let failure: CliError | null = null;
  const fail = (error: CliError) => {
    failure ??= error;
    watching.abort();
  };
  void coordinator.failed.then((error) => fail(new CliError(exitCodes.failed, [error.message])));
  void pool.failed.then(async ({ worker, message }) =>
    fail(new CliError(exitCodes.failed, [message, ...(await lastLines(paths.workerLog(worker)))])),
  );
  const job = await followJob(client, identity.job, signal);
  // Set by a callback, which the compiler does not see.
  const cause = failure as CliError | null;
  if (cause !== null) throw cause;
  return job;
}

async function lastLines(path: string): Promise<readonly string[]> {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  return [`the end of ${path}:`, ...lines.slice(-shownLogLines)];
}

function interrupted(stop: StopSignals, { loaded, paths }: RunInput): ExitCode {
  printNote(`stopped; go on with: fpnas run ${loaded.path} --out ${paths.folder} --seed ${String(loaded.spec.seed)}`);
  return stop.exitCode() ?? exitCodes.failed;
}

async function conclude(client: FpnasClient, job: Job, { loaded, paths, json }: RunInput): Promise<ExitCode> {
  if (isFinished(job)) {
    await writeFiles(client, job, loaded, paths);
    printOutcome(job.result, paths, json);
  } else {
    printErrors([job.error ?? `the job is ${job.state}`]);
  }
  return exitCodeOf(job.state);
}

/** The result comes last: where it is there, the run has finished. */
async function writeFiles(
  client: FpnasClient,
  job: FinishedJob,
  { space }: LoadedSpec,
  paths: RunPaths,
): Promise<void> {
  const { report, model } = await exportJob(client, job, space.choices);
  if (model.type === "model") await writeExport(paths.model, model.files);
  else if (job.spec.finalSteps !== null) printNote(noModelText(model));
  await writeAtomically(paths.report, report);
  await writeAtomically(paths.result, `${JSON.stringify(job.result, null, 2)}\n`);
}
