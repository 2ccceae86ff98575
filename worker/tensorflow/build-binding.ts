import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeApiVersion, tensorflowLibraries } from "./installation.ts";
import { installationParts, sharedCore } from "./load-installation.ts";
import { bindingPackage } from "./npm-packages.ts";
import { runTool } from "./run-tool.ts";
import type { Tools } from "./tools.ts";

/** Where the compiler finds what it needs. */
export interface BindingSources {
  /** The installation, with libraries and the npm package in place. */
  readonly folder: string;
  readonly tensorflowHeaders: string;
  readonly nodeHeaders: string;
}

/**
 * Compiles the binding between Node and TensorFlow's C interface: two files of C++. node-gyp, which its package would do it by, does no
 * more than this, and wants make and the headers of all of Node. The libraries are found beside the binding, wherever the folder lies.
 */
export async function buildBinding(
  { folder, tensorflowHeaders, nodeHeaders }: BindingSources,
  { compiler }: Tools,
  signal: AbortSignal,
): Promise<void> {
  const sources = ["tfjs_backend.cc", "tfjs_binding.cc"].map((file) =>
    join(folder, "node_modules", bindingPackage.name, "binding", file),
  );
  const libraries = tensorflowLibraries.map((file) => join(folder, installationParts.libraries, file));
  const args = [
    ...["-std=c++17", "-O2", "-fPIC", "-shared", "-pthread", "-w"],
    ...[`-DNAPI_VERSION=${nodeApiVersion}`, `-I${nodeHeaders}`, `-I${tensorflowHeaders}`],
    ...["-o", join(folder, installationParts.binding), ...sources, ...libraries, "-Wl,-rpath,$ORIGIN"],
  ];
  await runTool({ program: compiler, args, cwd: folder, output: "kept" }, signal);
}

/**
 * Puts in place of tfjs, as the kernels require it, the one instance of its core that this program has: the rest of tfjs they do not use.
 */
export async function linkCore(folder: string): Promise<void> {
  for (const name of ["@tensorflow/tfjs", "@tensorflow/tfjs-core"]) {
    const place = join(folder, "node_modules", name);
    await mkdir(place, { recursive: true });
    const manifest = { name, version: bindingPackage.version, main: "index.js" };
    await writeFile(join(place, "package.json"), JSON.stringify(manifest));
    await writeFile(join(place, "index.js"), `module.exports = globalThis[Symbol.for("${sharedCore}")];\n`);
  }
}
