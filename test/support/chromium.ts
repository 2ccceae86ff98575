import chromium from "@sparticuz/chromium";
import { join } from "node:path";
import { chromium as playwright, type Browser } from "playwright-core";
import { chromiumFiles } from "./chromium-files.ts";

/** A real headless Chromium, from npm alone; the caller closes it. */
export async function launchChromium(): Promise<Browser> {
  // The packaged arguments end the browser with its first page; several pages need processes of their own.
  const args = [...chromium.args.filter((argument) => argument !== "--single-process"), "--no-sandbox"];
  return playwright.launch({ executablePath: join(await chromiumFiles(), "chromium"), args });
}
