import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { arch, availableParallelism, cpus, hostname, platform } from "node:os";
import { dirname, join } from "node:path";
import { cacheFolder } from "../data/cache.ts";
import { findPackage } from "../data/package-files.ts";
import { chosenInstallation } from "../tensorflow/installation.ts";
import type { ProbeResults } from "./rank-backends.ts";

/** A verdict is made anew after a day: drivers change, and a machine that was busy is quiet. */
const longestAgeMs = 24 * 3600 * 1000;

/** Packages and variables that decide which backends there are and how fast. */
const packages = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node", "webgpu"];
const variables = [
  ...["TF_NUM_INTRAOP_THREADS", "CUDA_VISIBLE_DEVICES"],
  ...["VK_ICD_FILENAMES", "VK_DRIVER_FILES", "LD_LIBRARY_PATH"],
];

/** The file for what a machine's backends were found to be: one for each set of versions and settings. */
export async function verdictPath(): Promise<string> {
  const key = {
    format: 1,
    machine: [hostname(), platform(), arch(), process.version, cpus()[0]?.model ?? "", availableParallelism()],
    packages: await Promise.all(
      packages.map((name) =>
        findPackage(name)
          .then(({ version }) => version)
          .catch(() => ""),
      ),
    ),
    installation: (await chosenInstallation())?.folder ?? "",
    variables: variables.map((name) => process.env[name] ?? ""),
  };
  const hash = createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 16);
  return join(cacheFolder(), "backends", `${hash}.json`);
}

/** A verdict not older than a day; null where there is none that can be read. */
export async function readVerdict(path: string): Promise<ProbeResults | null> {
  try {
    if (Date.now() - (await stat(path)).mtimeMs > longestAgeMs) return null;
    return JSON.parse(await readFile(path, "utf8")) as ProbeResults;
  } catch {
    return null;
  }
}

/** Keeps a verdict in place of an earlier one. A folder that cannot be written to is done without. */
export async function replaceVerdict(path: string, results: ProbeResults): Promise<void> {
  await writeThrough(path, results, (temporary) => rename(temporary, path));
}

/**
 * Keeps a verdict where there is none, and returns the one that is kept: of processes that measure at the same time all take what the
 * first one found.
 */
export async function agreeOnVerdict(path: string, results: ProbeResults): Promise<ProbeResults> {
  // What cannot be read or is too old stands in nobody's way.
  if ((await readVerdict(path)) === null) await rm(path, { force: true }).catch(() => undefined);
  await writeThrough(path, results, (temporary) => link(temporary, path));
  return (await readVerdict(path)) ?? results;
}

async function writeThrough(
  path: string,
  results: ProbeResults,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, JSON.stringify(results));
    await publish(temporary);
  } catch {
    // Another process was first, or nothing can be kept here.
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
