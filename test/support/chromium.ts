import chromium from "@sparticuz/chromium";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium as playwright, type Browser } from "playwright-core";

const root = new URL("../../", import.meta.url).pathname;
const unpack = 'import c from "@sparticuz/chromium"; await c.executablePath();';

/**
 * Path of the packaged Chromium, unpacked once a machine. It is unpacked into a folder of its own and then renamed, so that two
 * test processes at a time, or one that was killed half-way, leave no half of a program behind.
 */
async function executablePath(): Promise<string> {
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
  return join(home, "chromium");
}

/** A real headless Chromium, from npm alone; the caller closes it. */
export async function launchChromium(): Promise<Browser> {
  // The packaged arguments end the browser with its first page; several pages need processes of their own.
  const args = [...chromium.args.filter((argument) => argument !== "--single-process"), "--no-sandbox"];
  return playwright.launch({ executablePath: await executablePath(), args });
}
