import { createHash } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { JobResult } from "../../spec/result.ts";
import { badInput, systemCode } from "../errors.ts";
import type { LoadedSpec } from "../load-spec.ts";
import { modelFolder } from "../model-export/architecture-file.ts";
import { describeSystemError } from "../read-file.ts";

/** What a folder's run is told by: the same spec and seed go on, others are refused. */
export interface RunIdentity {
  /** SHA-256 of the spec with its defaults and of the files it names; the seed apart. */
  readonly spec: string;
  readonly seed: number;
  /** Full name of the job. */
  readonly job: string;
}

const identitySchema = z.object({ spec: z.string(), seed: z.number(), job: z.string() });

/** The files of a run under its folder (docs/cli.md). */
export interface RunPaths {
  readonly folder: string;
  readonly result: string;
  readonly report: string;
  /** Folder of the model, where the job has final training. */
  readonly model: string;
  readonly store: string;
  /** A folder. */
  readonly weights: string;
  readonly coordinatorLog: string;
  readonly workerLog: (worker: number) => string;
}

export function runPaths(folder: string): RunPaths {
  return {
    folder,
    result: join(folder, "result.json"),
    report: join(folder, "report.html"),
    model: join(folder, modelFolder),
    store: join(folder, "state.db"),
    weights: join(folder, "weights"),
    coordinatorLog: join(folder, "coordinator.log"),
    workerLog: (worker) => join(folder, `worker-${String(worker)}.log`),
  };
}

/** Whoever writes the spec in another way (comments, order, defaults written out) goes on with the same run. */
export function identify({ spec, files }: LoadedSpec): RunIdentity {
  const hashes = [...files].map(([path, { sha256 }]) => [path, sha256]);
  const hash = createHash("sha256")
    .update(JSON.stringify([{ ...spec, seed: undefined, algorithmReason: undefined }, hashes]))
    .digest("hex");
  const id = /^[a-z]/.test(spec.name) ? spec.name : `job-${spec.name}`.slice(0, 63);
  return { spec: hash, seed: spec.seed, job: `projects/default/jobs/${id}` };
}

/** Makes the folder this run's own, or finds that it is. Throws CliError where it holds the run of another spec or seed. */
export async function claimFolder(folder: string, identity: RunIdentity): Promise<void> {
  const path = join(folder, "run.json");
  try {
    await makeFolder(folder);
    const taken = (await readRun(path)) ?? (await createRun(path, identity));
    refuseOther(folder, taken, identity);
  } catch (error) {
    if (systemCode(error) === "") throw error;
    throw badInput(`${folder} cannot be used for the run: ${describeSystemError(error)}.`);
  }
}

/** The result of a finished run; null while it has none. */
export async function readResult(paths: RunPaths): Promise<JobResult | null> {
  try {
    return JSON.parse(await readFile(paths.result, "utf8")) as JobResult;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    if (error instanceof SyntaxError) throw badInput(`${paths.result} is damaged; remove it to have it written again.`);
    throw error;
  }
}

/**
 * Makes a folder and those above it. (What `mkdir` does with `recursive` never ends where the folder above takes no children and says
 * that it is not there, as /proc does.)
 */
export async function makeFolder(path: string): Promise<void> {
  const parent = dirname(path);
  if (parent !== path && !(await isFolder(parent))) await makeFolder(parent);
  try {
    await mkdir(path);
  } catch (error) {
    if (systemCode(error) !== "EEXIST" || !(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Writes a file so that it is there as a whole or not at all. */
export async function writeAtomically(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`;
  await writeFile(partial, text, { flush: true });
  await rename(partial, path);
}

async function readRun(path: string): Promise<RunIdentity | null> {
  try {
    return identitySchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      throw badInput(`${path} is damaged; remove the folder or give another --out.`);
    }
    throw error;
  }
}

/** Whose run the folder holds now: this one, or that of another process which was faster. */
async function createRun(path: string, identity: RunIdentity): Promise<RunIdentity> {
  const partial = `${path}.${String(process.pid)}`;
  await writeFile(partial, `${JSON.stringify(identity)}\n`, { flush: true });
  try {
    await link(partial, path);
    return identity;
  } catch (error) {
    const taken = systemCode(error) === "EEXIST" ? await readRun(path) : null;
    if (taken === null) throw error;
    return taken;
  } finally {
    await rm(partial, { force: true });
  }
}

function refuseOther(folder: string, taken: RunIdentity, identity: RunIdentity): void {
  const advice = "Give another --out, or remove the folder.";
  if (taken.spec !== identity.spec) {
    throw badInput(`${folder} holds the run of another spec (or of an earlier version of this one). ${advice}`);
  }
  if (taken.seed !== identity.seed) {
    const seeds = `${String(taken.seed)}, not ${String(identity.seed)}`;
    throw badInput(`${folder} holds the run of this spec with seed ${seeds}. ${advice}`);
  }
}
