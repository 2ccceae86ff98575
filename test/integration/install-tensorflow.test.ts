import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { BackendFigures } from "../../worker/backend/measure-backend.ts";
import { chosenInstallation, installationName } from "../../worker/tensorflow/installation.ts";
import { installTensorflow, type InstallOptions } from "../../worker/tensorflow/install.ts";
import { useFolder } from "../support/cli-files.ts";
import { exchangedIndex, fakeSources, findPython, type FakeSources } from "../support/fake-tensorflow.ts";

const python = findPython();
// Python fetches and unpacks for real: without it there is nothing to test.
const suite = python !== null && process.platform === "linux" ? describe : describe.skip;

const folder = useFolder();
const figures: BackendFigures = { version: "TensorFlow 2.99.0", device: "CPU", imagesPerSecond: 1000, peakBytes: 1 };
const never = new AbortController().signal;

let shared = "";
let sources: FakeSources;
beforeAll(() => {
  shared = mkdtempSync(join(tmpdir(), "fpnas-index-"));
  if (python !== null) sources = fakeSources(shared, python);
});
afterAll(() => rmSync(shared, { recursive: true, force: true }));

const variables = ["FPNAS_CACHE_DIR", "PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_CONFIG_FILE", "PIP_QUIET"] as const;
const before = Object.fromEntries([...variables, "FORCE_COLOR"].map((name) => [name, process.env[name]]));
/** What pip finds in `index` and nowhere else, and a cache folder of the test's own. */
const lookIn = (index: string): void => {
  const values = [join(folder.path, "cache"), "1", index, "/dev/null", "2"];
  variables.forEach((name, i) => (process.env[name] = values[i]));
};
beforeEach(() => lookIn(sources.index));
afterEach(() => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
});

const install = (changes: Partial<InstallOptions> = {}, signal: AbortSignal = never) =>
  installTensorflow({ ...sources, prove: () => Promise.resolve(figures), note: () => undefined, ...changes }, signal);
const cache = (...parts: readonly string[]) => join(folder.path, "cache", "tensorflow", ...parts);
const installed = () =>
  existsSync(cache()) ? readdirSync(cache()).filter((name) => name.startsWith("tensorflow-")) : [];
const linesOf = (attempt: Promise<unknown>): Promise<readonly string[]> =>
  attempt.then(
    () => [],
    (error: unknown) => (error as { readonly lines: readonly string[] }).lines,
  );

suite("installing TensorFlow", () => {
  test("fetches, unpacks, builds, proves, and makes it the one that backends load", async () => {
    const proved: string[] = [];
    const notes: string[] = [];
    const { installation, figures: told } = await install({
      prove: (at) => {
        proved.push(at);
        // What is proved is whole, and not yet under its name.
        expect(existsSync(join(at, "lib/tfjs_binding.node"))).toBe(true);
        expect(installed()).not.toContain(at);
        return Promise.resolve(figures);
      },
      note: (text) => notes.push(text),
    });
    expect(told).toEqual(figures);
    expect(proved).toHaveLength(1);
    expect(await chosenInstallation()).toEqual(installation);
    expect(installation).toMatchObject({ version: "2.99.0", variant: "cpu" });
    const names = (...parts: string[]) => readdirSync(join(installation.folder, ...parts)).toSorted();
    expect(names()).toEqual(["installed.json", "lib", "node_modules"]);
    expect(names("lib")).toEqual(["libtensorflow_cc.so.2", "libtensorflow_framework.so.2", "tfjs_binding.node"]);
    expect(names("node_modules")).toEqual(["@tensorflow", "google-protobuf"]);
    const command = readFileSync(join(installation.folder, "lib/tfjs_binding.node"), "utf8");
    expect(command).toMatch(/ -I\S+\/node-headers\/include -I\S+\/tensorflow\/include .*-rpath,\$ORIGIN/);
    // Its kernels see our own tfjs-core, not a second one.
    const shim = readFileSync(join(installation.folder, "node_modules/@tensorflow/tfjs/index.js"), "utf8");
    expect(shim).toContain('Symbol.for("fpnas.tfjs-core")');
    expect(notes.at(-1)).toBe("training on it, in a process of its own");
    expect(readdirSync(cache("wheels"))).toEqual([]);
  });

  test("does nothing where it is there already, not even look for tools", async () => {
    const { installation } = await install();
    lookIn("/none");
    const again = await install({ tools: { python: "/none/python", npm: "/none/npm", compiler: "/none/c++" } });
    expect(again).toEqual({ installation, figures: null });
  });

  test("refuses a wheel with another hash and keeps nothing of it", async () => {
    lookIn(exchangedIndex(folder.path, python!));
    const [line, ...rest] = await linesOf(install());
    expect(line).toMatch(
      /^tensorflow-cpu 2\.99\.0 is not the file that it should be: its SHA256 is [0-9a-f]{64}, not [0-9a-f]{64}\.$/,
    );
    expect(line).toContain(sources.wheel.sha256!);
    expect(rest.join()).toContain("Nothing of it has been used");
    expect(installed()).toEqual([]);
    expect(readdirSync(cache("wheels"))).toEqual([]);
    expect(await chosenInstallation()).toBeNull();
  });

  test("refuses an npm package with another hash", async () => {
    const packages = { ...sources.packages, protobuf: { ...sources.packages.protobuf, sha512: "another" } };
    expect(await linesOf(install({ packages }))).toEqual([
      expect.stringMatching(
        /^google-protobuf 3\.21\.4 is not the file that it should be: its SHA512 is \S+, not another\.$/,
      ),
      expect.any(String),
    ]);
    expect(installed()).toEqual([]);
  });

  test("takes the hash of a version that is not known from the package index", async () => {
    // Which asks tools for colours even where nobody looks.
    process.env["FORCE_COLOR"] = "1";
    const { installation } = await install({ wheel: { ...sources.wheel, sha256: null } });
    expect(installation.version).toBe("2.99.0");
  });

  test("names every missing tool and how to get it, before anything is fetched", async () => {
    const lines = await linesOf(
      install({ tools: { python: "/none/python3", npm: "/none/npm", compiler: "/none/c++" } }),
    );
    expect(lines).toEqual([
      "native TensorFlow cannot be installed without:",
      expect.stringMatching(/^Python 3 is missing \(\/none\/python3\): apt-get install python3, /),
      expect.stringMatching(/^pip is missing \(\/none\/python3\): apt-get install python3-pip, /),
      expect.stringMatching(/^a C\+\+ compiler is missing \(\/none\/c\+\+\): apt-get install g\+\+, /),
      expect.stringMatching(/^npm is missing \(\/none\/npm\): /),
    ]);
    expect(existsSync(cache("wheels"))).toBe(false);
  });

  test("says so where the index has no such version", async () => {
    expect(await linesOf(install({ wheel: { ...sources.wheel, version: "2.98.0" } }))).toEqual([
      "tensorflow-cpu 2.98.0 cannot be fetched; pip has said why above.",
    ]);
  });

  test("tells what the compiler said where it fails", async () => {
    const compiler = join(folder.path, "failing-c++");
    writeFileSync(compiler, '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "tfjs_binding.cc:1: no" >&2\nexit 1\n', {
      mode: 0o755,
    });
    const lines = await linesOf(install({ tools: { ...sources.tools, compiler } }));
    expect(lines).toEqual([
      expect.stringMatching(/^\S+failing-c\+\+ -std=.* failed \(exit code 1\)$/),
      "tfjs_binding.cc:1: no",
    ]);
    expect(installed()).toEqual([]);
  });

  test("is not used where it does not train", async () => {
    await expect(install({ prove: () => Promise.reject(new Error("it computes wrongly")) })).rejects.toThrow(
      "it computes wrongly",
    );
    expect(installed()).toEqual([]);
    expect(await chosenInstallation()).toBeNull();
  });

  test("ends cleanly when it is broken off, and goes on from the checked wheel", async () => {
    const stop = new AbortController();
    const broken = install(
      {
        prove: (_at, signal) => {
          stop.abort();
          return Promise.reject(signal.reason as Error);
        },
      },
      stop.signal,
    );
    await expect(broken).rejects.toThrow(/aborted/);
    expect(installed()).toEqual([]);
    expect(await chosenInstallation()).toBeNull();
    lookIn("/none");
    expect((await install()).figures).toEqual(figures);
  });

  test("uses nothing of an installation whose process was killed, and removes it", async () => {
    const whole = cache(installationName("2.99.0", "cpu"));
    const left = `${whole}.999999999-00000000-0000-4000-8000-000000000000.tmp`;
    mkdirSync(join(left, "lib"), { recursive: true });
    expect(await chosenInstallation()).toBeNull();
    const { installation } = await install();
    expect(installation.folder).toBe(whole);
    expect(existsSync(left)).toBe(false);
    expect(await chosenInstallation()).toEqual(installation);
  });

  test("does not disturb another one at the same time", async () => {
    const [first, second] = await Promise.all([install(), install()]);
    expect(first.installation).toEqual(second.installation);
    expect(installed()).toHaveLength(1);
    expect(await chosenInstallation()).toEqual(first.installation);
  });
});
