import { mkdir, readdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runTool } from "./run-tool.ts";
import type { Tools } from "./tools.ts";

/** `python3 -c SCRIPT WHEEL FOLDER`: the libraries to link against and their headers; the rest, Python's, is half of a wheel. */
const wheelScript = `
import sys, zipfile
libraries = ("tensorflow/libtensorflow_cc.so.2", "tensorflow/libtensorflow_framework.so.2")
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name in wheel.namelist():
        if name in libraries or name.startswith("tensorflow/include/") or name.endswith(".dist-info/METADATA"):
            wheel.extract(name, sys.argv[2])
`;

/** Unpacks what is needed of TensorFlow's wheel: `tensorflow/lib*.so.2`, `tensorflow/include/`, and the wheel's METADATA. */
export async function unpackWheel(wheel: string, to: string, { python }: Tools, signal: AbortSignal): Promise<void> {
  await mkdir(to, { recursive: true });
  await runTool({ program: python, args: ["-c", wheelScript, wheel, to], cwd: to, output: "kept" }, signal);
}

/** Unpacks an npm package's tarball, whose files lie in one folder, to `to`, which must not be there. */
export async function unpackTarball(
  tarball: string,
  to: string,
  { python }: Tools,
  signal: AbortSignal,
): Promise<void> {
  const fresh = join(dirname(tarball), "unpacked");
  await mkdir(fresh, { recursive: true });
  await runTool({ program: python, args: ["-m", "tarfile", "-e", tarball, fresh], cwd: fresh, output: "kept" }, signal);
  const [folder] = await readdir(fresh);
  await mkdir(dirname(to), { recursive: true });
  await rename(join(fresh, folder ?? ""), to);
}
