import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromiumFiles } from "./chromium-files.ts";

/**
 * What a process must be started with to see one GPU, which SwiftShader emulates on the processor: Chromium's Vulkan loader and driver. Any real
 * GPU of the machine is hidden from it.
 */
export async function softwareGpu(): Promise<NodeJS.ProcessEnv> {
  const folder = await chromiumFiles();
  return {
    ...process.env,
    LD_LIBRARY_PATH: folder,
    VK_ICD_FILENAMES: join(folder, "vk_swiftshader_icd.json"),
    VK_DRIVER_FILES: join(folder, "vk_swiftshader_icd.json"),
  };
}

/** What a program of ours under `dist/test/support/` said. */
export interface Said {
  /** Its lines on stdout, each a JSON value. */
  readonly lines: readonly unknown[];
  readonly stderr: string;
}

/** Runs a program to its end. Rejects where it exits with another code than 0. */
export async function runProgram(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Said> {
  const program = fileURLToPath(new URL(`../../dist/test/support/${name}.js`, import.meta.url));
  const options = { env, maxBuffer: 2 ** 28 };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...args], options);
  return {
    lines: stdout
      .split("\n")
      .filter(Boolean)
      .map((line): unknown => JSON.parse(line)),
    stderr,
  };
}
