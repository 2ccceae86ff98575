import { resolveSpec, type SpecFile } from "../../spec/resolve-spec.ts";
import { spaceFiles, workerFiles } from "../../spec/parse-spec.ts";
import type { JobSpec } from "../../spec/types.ts";
import { createSearch } from "../search/job.ts";
import type { JobKey, Storage } from "../storage/storage.ts";
import { readWhole } from "../storage/stored-file.ts";
import type { JobPlan } from "./active-job.ts";
import { evaluationsOf } from "./evaluation.ts";
import { EngineError } from "./errors.ts";

/**
 * Builds the space and the search that a spec means, from its files in the store. `files` maps each path, as written in the spec, to
 * the SHA-256 under which it was uploaded. Rejects with EngineError `failedPrecondition` where a file is not there, with SpecError
 * where the spec does not fit its files, and with StorageError.
 */
export async function planJob(
  key: JobKey,
  parsed: JobSpec,
  files: ReadonlyMap<string, string>,
  storage: Storage,
): Promise<JobPlan> {
  const find = async (path: string) => {
    const sha256 = files.get(path);
    const file = sha256 === undefined ? null : await storage.getFile(sha256);
    if (sha256 !== undefined && file !== null) return { sha256, file };
    const message = `the file ${JSON.stringify(path)} that the spec names was not uploaded`;
    throw new EngineError("failedPrecondition", "FILE_NOT_UPLOADED", message);
  };
  const contents = new Map<string, SpecFile>();
  for (const path of spaceFiles(parsed)) {
    const { sha256, file } = await find(path);
    contents.set(path, { sha256, bytes: await readWhole(file) });
  }
  // Workers read these, each of them as it comes; here they may be large for nothing.
  for (const path of workerFiles(parsed)) await find(path);
  const { spec, space } = resolveSpec(parsed, contents);
  return { key, spec, space, search: createSearch(spec.search, space), evaluationOf: evaluationsOf(spec, files) };
}
