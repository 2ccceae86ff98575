import { createHash } from "node:crypto";
import { join } from "node:path";

/** Where things of one job lie in the folder of a store. */
export interface JobFolder {
  readonly path: string;
  /** Files of versions: N.weights while it can be fetched, N.old once only later ones use chunks of it. */
  readonly versions: string;
  /** Files of updates: HASH.N, of the version N that it was made from. */
  readonly updates: string;
  /** Files that are being written. */
  readonly unfinished: string;
}

/** The folder of a job: what can be read of its key, and the key's hash, which tells apart what file systems do not. */
export function jobFolder(root: string, job: string): JobFolder {
  const readable = job.replaceAll(/[^a-z0-9-]/g, "_").slice(0, 130);
  const path = join(root, `${readable}.${createHash("sha256").update(job).digest("hex").slice(0, 32)}`);
  return {
    path,
    versions: join(path, "versions"),
    updates: join(path, "updates"),
    unfinished: join(path, "unfinished"),
  };
}

/** The file of a version that can be fetched. */
export function versionFile({ versions }: JobFolder, version: number): string {
  return join(versions, `${version}.weights`);
}

/** The file of a version that is kept for its chunks alone. */
export function oldFile({ versions }: JobFolder, version: number): string {
  return join(versions, `${version}.old`);
}

/** The file of an update. */
export function updateFile({ updates }: JobFolder, sha256: string, version: number): string {
  return join(updates, `${sha256}.${version}`);
}

/** A version by the name of its file; null for a file of another kind. */
export function versionOfName(name: string): { readonly version: number; readonly isOld: boolean } | null {
  const [, version, ending] = /^([1-9][0-9]*)\.(weights|old)$/.exec(name) ?? [];
  return version === undefined ? null : { version: Number(version), isOld: ending === "old" };
}

/** An update by the name of its file; null for a file of another kind. */
export function updateOfName(name: string): { readonly sha256: string; readonly version: number } | null {
  const [, sha256, version] = /^([0-9a-f]{64})\.([1-9][0-9]*)$/.exec(name) ?? [];
  return sha256 === undefined ? null : { sha256, version: Number(version) };
}
