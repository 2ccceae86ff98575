import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const root = new URL("../../", import.meta.url).pathname.replace(/\/dist\/$/, "/");
const unpack = 'import c from "@sparticuz/chromium"; await c.executablePath();';

/**
 * The folder of the packaged Chromium and the libraries that it comes with, unpacked once a machine. It is unpacked into a folder of its own
 * and then renamed, so that two test processes at a time, or one that was killed half-way, leave no half of a program behind.
 */
export async function chromiumFiles(): Promise<string> {
  const manifest = await readFile(join(root, "node_modules/@sparticuz/chromium/package.json"), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  const home = join(tmpdir(), `fpnas-chromium-${version}`);
  if (!existsSync(home)) {
    const fresh = await mkdtemp(join(tmpdir(), "fpnas-chromium-"));
    await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", unpack], {
      cwd: root,
      env: { ...process.env, TMPDIR: fresh },
    });
    await rename(fresh, home).catch(async (error: unknown) => {
      await rm(fresh, { recursive: true, force: true });
      if (!existsSync(home)) throw error;
    });
  }
  return home;
}
