import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { BackendFigures } from "../backend/measure-backend.ts";
import { buildBinding, linkCore } from "./build-binding.ts";
import { fetchCuda } from "./fetch-cuda.ts";
import { fetchPackage } from "./fetch-package.ts";
import { fetchWheel } from "./fetch-wheel.ts";
import { InstallError } from "./install-error.ts";
import {
  chooseInstallation,
  describeInstallation,
  installationName,
  readInstallation,
  tensorflowFolder,
  tensorflowLibraries,
  type Installation,
} from "./installation.ts";
import type { NpmPackage } from "./npm-packages.ts";
import { checkTools, type Tools } from "./tools.ts";
import { unpackWheel } from "./unpack.ts";
import type { Wheel } from "./wheels.ts";

/** What an installation is made of and by. */
export interface InstallOptions {
  readonly wheel: Wheel;
  readonly packages: Readonly<Record<"binding" | "protobuf" | "nodeHeaders", NpmPackage>>;
  readonly tools: Tools;
  /** Trains on the TensorFlow in this folder, in a process of its own; rejects where that fails. */
  readonly prove: (folder: string, signal: AbortSignal) => Promise<BackendFigures>;
  /** A line of progress. */
  readonly note: (text: string) => void;
}

/** An installation that is in place. */
export interface Installed {
  readonly installation: Installation;
  /** Null where it was there before. */
  readonly figures: BackendFigures | null;
}

/**
 * Puts TensorFlow into the cache folder and makes it the one that backends load. An installation gets its name only once it has trained;
 * whatever breaks it off leaves at most the checked wheel, from which the next call goes on, and a folder that the next call removes.
 * Two at a time do not disturb each other. Does nothing but choose it where it is there.
 *
 * @throws InstallError, for people; the signal's reason once that is aborted.
 */
export async function installTensorflow(options: InstallOptions, signal: AbortSignal): Promise<Installed> {
  const { wheel, tools, note } = options;
  const { version, variant } = wheel;
  refuseMusl();
  const folder = join(tensorflowFolder(), installationName(version, variant));
  const present = await readInstallation(folder);
  if (present !== null) {
    await chooseInstallation(present);
    return { installation: present, figures: null };
  }
  await mkdir(tensorflowFolder(), { recursive: true });
  note("looking for Python, pip, a C++ compiler and npm");
  await checkTools(tools, tensorflowFolder(), signal);
  await removeLeftovers(folder);
  const fresh = `${folder}.${process.pid}-${randomUUID()}.tmp`;
  await mkdir(fresh);
  try {
    const wheelFile = await fill(fresh, options, signal);
    note("training on it, in a process of its own");
    const figures = await options.prove(fresh, signal);
    await describeInstallation({ folder: fresh, version, variant });
    await rename(fresh, folder).catch((error: unknown) => {
      // Somebody else was faster.
      if (!existsSync(folder)) throw error;
    });
    await rm(wheelFile, { force: true });
    const installation: Installation = { folder, version, variant };
    await chooseInstallation(installation);
    return { installation, figures };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Fetches, unpacks and builds everything in `fresh`, and returns the wheel's file. */
async function fill(
  fresh: string,
  { wheel, packages, tools, note }: InstallOptions,
  signal: AbortSignal,
): Promise<string> {
  const scratch = join(fresh, "scratch");
  await mkdir(scratch);
  const folder = join(tensorflowFolder(), "wheels");
  const wheelFile = await fetchWheel(wheel, tools, { folder, scratch }, note, signal);
  note("unpacking its libraries and headers");
  await unpackWheel(wheelFile, join(scratch, "wheel"), tools, signal);
  const unpacked = join(scratch, "wheel", "tensorflow");
  await mkdir(join(fresh, "lib"));
  for (const library of tensorflowLibraries) {
    await rename(join(unpacked, library), join(fresh, "lib", library)).catch(() => {
      throw new InstallError([`${wheel.name} ${wheel.version} has no ${library}; use a later version.`]);
    });
  }
  note("fetching tfjs's kernels and binding by npm");
  for (const npmPackage of [packages.binding, packages.protobuf]) {
    await fetchPackage(npmPackage, tools, scratch, join(fresh, "node_modules", npmPackage.name), signal);
  }
  const nodeHeaders = join(scratch, "node-headers");
  await fetchPackage(packages.nodeHeaders, tools, scratch, nodeHeaders, signal);
  await linkCore(fresh);
  note("compiling the binding");
  const headers = { tensorflowHeaders: join(unpacked, "include"), nodeHeaders: join(nodeHeaders, "include") };
  await buildBinding({ folder: fresh, ...headers }, tools, signal);
  if (wheel.variant === "gpu") {
    note("fetching NVIDIA's CUDA libraries by pip, 4 GB on disk");
    await fetchCuda(join(scratch, "wheel"), fresh, tools, signal);
  }
  await rm(scratch, { recursive: true, force: true });
  return wheelFile;
}

/** Removes what broken-off installations have left, but not those whose process still runs. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(tensorflowFolder())) {
    const path = join(tensorflowFolder(), name);
    const [, pid] = /\.(\d+)-[0-9a-f-]+\.tmp$/.exec(name) ?? [];
    if (pid === undefined || !path.startsWith(`${folder}.`) || isRunning(Number(pid))) continue;
    await rm(path, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The wheels are built for glibc. */
function refuseMusl(): void {
  const { header } = process.report.getReport() as { readonly header: { readonly glibcVersionRuntime?: string } };
  if (header.glibcVersionRuntime !== undefined) return;
  throw new InstallError([
    "TensorFlow's wheels need glibc, which this system does not have (Alpine Linux?); wasm works there.",
  ]);
}
