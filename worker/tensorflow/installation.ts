import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "../data/cache.ts";
import { bindingPackage } from "./npm-packages.ts";
import type { Variant } from "./wheels.ts";

/** A TensorFlow that `fpnas worker install-tensorflow` has put into the cache folder, whole and proved. */
export interface Installation {
  readonly folder: string;
  readonly version: string;
  readonly variant: Variant;
}

/** Node's binary interface that the binding is built for: the same in every later Node, so that an installation outlives an update. */
export const nodeApiVersion = 8;

/** What of a wheel is linked to. */
export const tensorflowLibraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"] as const;

/** Where installations lie, and what is fetched for them. */
export function tensorflowFolder(): string {
  return join(cacheFolder(), "tensorflow");
}

/** The folder's name says all that an installation depends on: TensorFlow, the binding's sources, Node's interface, the platform. */
export function installationName(version: string, variant: Variant): string {
  const binding = `tfjs-${bindingPackage.version}-napi-${nodeApiVersion}`;
  return [`tensorflow-${version}`, variant, binding, platform(), arch()].join("-");
}

/** An installation in this folder; null where there is none. Folders get their names only once they are whole. */
export async function readInstallation(folder: string): Promise<Installation | null> {
  try {
    const { version, variant } = JSON.parse(await readFile(join(folder, "installed.json"), "utf8")) as Installation;
    return { folder, version, variant };
  } catch {
    return null;
  }
}

/** Writes what `readInstallation` reads. */
export async function describeInstallation({ folder, version, variant }: Installation): Promise<void> {
  await writeFile(join(folder, "installed.json"), `${JSON.stringify({ version, variant })}\n`);
}

/** The installation that was asked for last; null where there is none for this platform. */
export async function chosenInstallation(): Promise<Installation | null> {
  try {
    const name = (await readFile(join(tensorflowFolder(), "chosen"), "utf8")).trim();
    const installation = await readInstallation(join(tensorflowFolder(), name));
    // A cache folder may be shared by machines of several kinds.
    return installation !== null && name === installationName(installation.version, installation.variant)
      ? installation
      : null;
  } catch {
    return null;
  }
}

/** Makes an installation the one that backends load. */
export async function chooseInstallation({ version, variant }: Installation): Promise<void> {
  const path = join(tensorflowFolder(), "chosen");
  const temporary = `${path}.${randomUUID()}.tmp`;
  await mkdir(tensorflowFolder(), { recursive: true });
  try {
    await writeFile(temporary, `${installationName(version, variant)}\n`);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
