import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InstallError } from "./install-error.ts";
import { runTool } from "./run-tool.ts";
import type { Tools } from "./tools.ts";

/** What a wheel's METADATA says that TensorFlow needs of NVIDIA's packages: "nvidia-cublas-cu12<13.0,>=12.5.3.2", and so on. */
export function cudaRequirements(metadata: string): readonly string[] {
  return [...metadata.matchAll(/^Requires-Dist: (nvidia-[^;]+?)\s*;\s*extra == ["']and-cuda["']\s*$/gm)].map(
    ([, requirement]) => (requirement ?? "").replace(/[\s()]/g, ""),
  );
}

/**
 * Installs the CUDA libraries that a wheel of TensorFlow names beside it, in `folder`, where the libraries look for them
 * (`nvidia/cublas/lib`, and so on). About 4 GB on disk.
 * @throws InstallError where the wheel names none or pip cannot fetch them.
 */
export async function fetchCuda(
  unpackedWheel: string,
  folder: string,
  tools: Tools,
  signal: AbortSignal,
): Promise<void> {
  const info = (await readdir(unpackedWheel)).find((name) => name.endsWith(".dist-info")) ?? "";
  const requirements = cudaRequirements(await readFile(join(unpackedWheel, info, "METADATA"), "utf8"));
  if (requirements.length === 0)
    throw new InstallError(["this version of TensorFlow names no CUDA packages to install."]);
  const args = ["-m", "pip", "install", "--disable-pip-version-check", "--only-binary", ":all:", "--no-deps"];
  await runTool(
    {
      ...{ program: tools.python, cwd: folder, output: "shown" },
      args: [...args, "--target", folder, ...requirements],
    },
    signal,
  );
}
