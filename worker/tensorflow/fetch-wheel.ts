import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { checkFile, type Checksum } from "./checksum.ts";
import { InstallError } from "./install-error.ts";
import { runTool } from "./run-tool.ts";
import type { Tools } from "./tools.ts";
import { wheelPython, type Wheel } from "./wheels.ts";

/** What tells pip which file of a version is meant. */
function pipChoice({ platforms }: Wheel): readonly string[] {
  return [
    ...["--no-deps", "--only-binary", ":all:", "--disable-pip-version-check"],
    ...platforms.flatMap((platform) => ["--platform", platform]),
    ...["--python-version", wheelPython.version, "--implementation", "cp", "--abi", wheelPython.abi],
  ];
}

/** What pip reports of one file that it would install. */
interface PipReport {
  readonly install: readonly {
    readonly download_info: { readonly archive_info?: { readonly hashes?: { readonly sha256?: string } } };
  }[];
}

/** The SHA-256 that the package index gives for a version that is not known here. */
async function hashOfIndex(wheel: Wheel, tools: Tools, folder: string, signal: AbortSignal): Promise<string> {
  const args = ["-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", "-"];
  const target = ["--target", join(folder, "none")];
  const report = await runTool(
    {
      ...{ program: tools.python, cwd: folder, output: "kept" },
      args: [...args, ...target, ...pipChoice(wheel), `${wheel.name}==${wheel.version}`],
    },
    signal,
  );
  const sha256 = (JSON.parse(report) as PipReport).install[0]?.download_info.archive_info?.hashes?.sha256;
  if (sha256 !== undefined) return sha256;
  throw new InstallError([
    `the package index has no SHA-256 for ${wheel.name} ${wheel.version}, which therefore cannot be checked.`,
  ]);
}

/**
 * The wheel's file in `folder`, fetched by pip from wherever the user's pip is set to look, and checked. One that is there already is
 * checked and used. `scratch` is a folder on the same disk.
 * @throws InstallError where there is no such version, it cannot be fetched, or it is not the file that is known under its name.
 */
export async function fetchWheel(
  wheel: Wheel,
  tools: Tools,
  { folder, scratch }: { readonly folder: string; readonly scratch: string },
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const title = `${wheel.name} ${wheel.version}`;
  await mkdir(folder, { recursive: true });
  const sha256 = wheel.sha256 ?? (await hashOfIndex(wheel, tools, folder, signal));
  const checksum: Checksum = { algorithm: "sha256", encoding: "hex", value: sha256 };
  const path = join(folder, `${sha256}.whl`);
  if (!existsSync(path)) {
    note(`fetching ${title} by pip`);
    await download(wheel, tools, scratch, path, signal);
  }
  note(`checking the SHA-256 of ${title}`);
  await checkFile(path, title, checksum).catch(async (error: unknown) => {
    await rm(path, { force: true });
    throw error;
  });
  return path;
}

/** Downloads into a folder of its own: what lies under `path` is whole. */
async function download(wheel: Wheel, tools: Tools, scratch: string, path: string, signal: AbortSignal): Promise<void> {
  const fresh = join(scratch, "download");
  await mkdir(fresh, { recursive: true });
  const args = ["-m", "pip", "download", "--dest", fresh, ...pipChoice(wheel), `${wheel.name}==${wheel.version}`];
  try {
    await runTool({ program: tools.python, args, cwd: scratch, output: "shown" }, signal);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    throw new InstallError([`${wheel.name} ${wheel.version} cannot be fetched; pip has said why above.`]);
  }
  const [file] = await readdir(fresh);
  if (file === undefined) throw new InstallError([`pip has fetched no ${wheel.name} ${wheel.version}.`]);
  await rename(join(fresh, file), path);
}
