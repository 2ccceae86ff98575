import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { checkFile } from "./checksum.ts";
import { InstallError } from "./install-error.ts";
import type { NpmPackage } from "./npm-packages.ts";
import { runTool } from "./run-tool.ts";
import type { Tools } from "./tools.ts";
import { unpackTarball } from "./unpack.ts";

/**
 * Fetches an npm package by the user's npm, checks it and unpacks it to `to`, without what it depends on and without running anything of it.
 * `scratch` is a folder for the tarball.
 * @throws InstallError where it cannot be fetched or is another file.
 */
export async function fetchPackage(
  { name, version, sha512 }: NpmPackage,
  tools: Tools,
  scratch: string,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const folder = join(scratch, name.replace("/", "-"));
  await mkdir(folder, { recursive: true });
  const args = ["pack", "--silent", "--ignore-scripts", `${name}@${version}`];
  await runTool({ program: tools.npm, args, cwd: folder, output: "kept" }, signal);
  const [file] = await readdir(folder);
  if (file === undefined) throw new InstallError([`npm has fetched no ${name} ${version}.`]);
  await checkFile(join(folder, file), `${name} ${version}`, { algorithm: "sha512", encoding: "base64", value: sha512 });
  await unpackTarball(join(folder, file), to, tools, signal);
}
