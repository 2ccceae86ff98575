import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { repositoryRoot } from "../support/k8s-manifests.ts";
import { useFolder } from "../support/cli-files.ts";
import { CliProcess, lastJson, runCli } from "../support/cli-process.ts";

const folder = useFolder();

describe("fpnas doctor", () => {
  test("checks and measures every backend, says which one workers take, and ends with 0 as one can train", async () => {
    const cache = { FPNAS_CACHE_DIR: join(folder.path, "cache") };
    const end = await runCli(["doctor", "--json"], folder.path, cache);
    expect(end.code).toBe(0);
    const report = lastJson(end) as unknown as {
      readonly results: Readonly<
        Record<string, { readonly type: string; readonly figures?: object; readonly reason?: string }>
      >;
      readonly taken: string;
      readonly advice: readonly string[];
    };
    expect(report).toMatchObject({ version: "0.1.0", installation: null, machine: { node: process.version } });
    expect(report.results["wasm"]).toMatchObject({
      type: "works",
      figures: { device: expect.stringContaining("SIMD") },
    });
    expect(report.results["cpu"]).toMatchObject({ type: "works" });
    expect(report.results[report.taken]!.type).toBe("works");
    expect(report.taken).not.toBe("cpu");
    // A line of progress for each, on stderr.
    for (const name of Object.keys(report.results)) expect(end.stderr).toMatch(new RegExp(`^${name}: `, "m"));
    // What it found is left for the workers.
    expect(existsSync(join(folder.path, "cache", "backends"))).toBe(true);
  });
});

describe("what workers train on", () => {
  test("is refused where there is no such backend", async () => {
    for (const command of [
      ["worker", "--coordinator", "127.0.0.1:1"],
      ["run", "spec.yaml"],
    ]) {
      const { code, stderr } = await runCli([...command, "--backend", "cuda"], folder.path);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /'--backend <name>' argument 'cuda' is invalid\. Allowed choices are auto, tensorflow, .*wasm, cpu/,
      );
    }
  });

  test("is not installed where tools are missing, which are named", async () => {
    const env = { FPNAS_CACHE_DIR: join(folder.path, "cache"), CXX: "/none/c++" };
    const { code, stdout, stderr } = await runCli(["worker", "install-tensorflow"], folder.path, env);
    if (process.platform !== "linux") return;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error: a C\+\+ compiler is missing \(\/none\/c\+\+\): apt-get install g\+\+/m);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(existsSync(join(folder.path, "cache", "tensorflow", "wheels"))).toBe(false);
  });

  test("leaves nothing behind when its installation is broken off by Ctrl-C", async () => {
    if (process.platform !== "linux") return;
    const programs = join(folder.path, "bin");
    mkdirSync(programs);
    // Hangs where pip would fetch the wheel.
    const python = '#!/bin/sh\ncase "$*" in *"pip download"*) echo downloading; exec sleep 600;; esac\n';
    for (const [name, text] of Object.entries({ python3: python, npm: "#!/bin/sh\n", "c++": "#!/bin/sh\n" })) {
      writeFileSync(join(programs, name), text, { mode: 0o755 });
    }
    const path = `${programs}:${process.env["PATH"] ?? ""}`;
    const env = { FPNAS_CACHE_DIR: join(folder.path, "cache"), PATH: path, CXX: "c++" };
    const installing = new CliProcess(["worker", "install-tensorflow"], folder.path, env);
    await installing.printed(/downloading/);
    installing.kill("SIGINT");
    const { code, stderr } = await installing.ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/^stopped; the next call goes on from what has been fetched$/m);
    expect(await installing.groupGone()).toBe(true);
    expect(readdirSync(join(folder.path, "cache", "tensorflow"))).toEqual(["wheels"]);
  });

  test("is refused as a version of TensorFlow that is none", async () => {
    const { code, stderr } = await runCli(["worker", "install-tensorflow", "--version", "new"], folder.path);
    expect(code).toBe(2);
    expect(stderr).toContain("It must be a version of TensorFlow 2, such as 2.21 or 2.21.0.");
  });
});

test("fpnas --version prints the package's version", async () => {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as { version: string };
  expect(await runCli(["--version"], folder.path)).toMatchObject({ code: 0, stdout: `${version}\n` });
});
