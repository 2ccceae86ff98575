import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { InstallOptions } from "../../worker/tensorflow/install.ts";
import { installedPackages, type NpmPackage } from "../../worker/tensorflow/npm-packages.ts";
import type { Wheel } from "../../worker/tensorflow/wheels.ts";

/** The Python of this machine, which unpacks and fetches for real; null where there is none with pip. Not a shim, which takes longer. */
export function findPython(): string | null {
  try {
    const script = "import pip, sys; print(sys.executable)";
    return execFileSync("python3", ["-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
}

/** A package index and a registry of a few bytes each, in a folder, and tools that fetch from there alone. */
export interface FakeSources {
  readonly wheel: Wheel;
  readonly packages: InstallOptions["packages"];
  readonly tools: InstallOptions["tools"];
  /** The folder that pip is to look into, and nowhere else. */
  readonly index: string;
}

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

function script(path: string, text: string): string {
  write(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

const metadata = [
  ...["Metadata-Version: 2.1", "Name: tensorflow-cpu", "Version: 2.99.0"],
  "Requires-Dist: numpy>=1.26.0",
  'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
].join("\n");

/** A wheel with the files that are taken of it and one that is not, packed by Python. Returns its SHA-256. */
function makeWheel(folder: string, header: string, python: string): string {
  const tree = join(folder, "wheel-tree");
  const info = "tensorflow_cpu-2.99.0.dist-info";
  for (const library of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"])
    write(join(tree, "tensorflow", library), library);
  write(join(tree, "tensorflow/include/tensorflow/c/c_api.h"), header);
  write(join(tree, "tensorflow/python/large.py"), "# Python's own\n");
  write(join(tree, info, "METADATA"), `${metadata}\n`);
  write(
    join(tree, info, "WHEEL"),
    "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-manylinux_2_27_x86_64\n",
  );
  write(join(tree, info, "RECORD"), "");
  const file = join(folder, "index", "tensorflow_cpu-2.99.0-cp311-cp311-manylinux_2_27_x86_64.whl");
  mkdirSync(dirname(file), { recursive: true });
  execFileSync(python, ["-m", "zipfile", "-c", file, "tensorflow", info], { cwd: tree });
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** An npm package of one file in the registry, packed by Python. */
function makePackage(folder: string, { name, version }: NpmPackage, file: string, python: string): NpmPackage {
  const tree = join(folder, "package-tree", name);
  write(join(tree, "package", file), `${name}\n`);
  const tarball = join(folder, "registry", `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`);
  mkdirSync(dirname(tarball), { recursive: true });
  execFileSync(python, ["-m", "tarfile", "-c", tarball, "package"], { cwd: tree });
  const sha512 = createHash("sha512").update(readFileSync(tarball)).digest("base64");
  return { name, version, sha512 };
}

/** Makes index, registry, npm and compiler. The compiler writes its arguments into what it was to compile. */
export function fakeSources(folder: string, python: string): FakeSources {
  const { binding, protobuf, nodeHeaders } = installedPackages;
  const registry = join(folder, "registry");
  return {
    wheel: {
      ...{ name: "tensorflow-cpu", version: "2.99.0", variant: "cpu", platforms: ["manylinux_2_27_x86_64"] },
      sha256: makeWheel(folder, "// the interface in C\n", python),
    },
    packages: {
      binding: makePackage(folder, binding, "binding/tfjs_binding.cc", python),
      protobuf: makePackage(folder, protobuf, "google-protobuf.js", python),
      nodeHeaders: makePackage(folder, nodeHeaders, "include/node_api.h", python),
    },
    tools: {
      python,
      npm: script(
        join(folder, "npm"),
        `for last; do :; done\n[ "$1" = pack ] || exit 0\ncp "${registry}/$(echo "$last" | sed 's/^@//; s/[/@]/-/g').tgz" .`,
      ),
      compiler: script(
        join(folder, "c++"),
        'all="$*"\nwhile [ $# -gt 0 ]; do [ "$1" = -o ] && echo "$all" > "$2"; shift; done',
      ),
    },
    index: join(folder, "index"),
  };
}

/** An index, in a folder of its own, in which a wheel with another header stands in the place of the one that is known. */
export function exchangedIndex(folder: string, python: string): string {
  makeWheel(folder, "// another interface in C\n", python);
  return join(folder, "index");
}
