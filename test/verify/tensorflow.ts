/**
 * `npm run verify:tensorflow`: installs TensorFlow for real from an empty cache folder, by the network, and has it train; then compares its
 * speed with wasm's on one core and on all. Ends with 1 where it cannot be installed within five minutes, or does not train.
 * `--version 2.20` takes another version than the default, `--gpu` the one with CUDA.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { BackendFigures } from "../../worker/backend/measure-backend.ts";
import { probeWith } from "../../worker/backend/run-probe.ts";
import { builtProgram } from "../support/built-program.ts";

const { values: flags } = parseArgs({
  options: { version: { type: "string" }, gpu: { type: "boolean", default: false } },
});
const mostSeconds = 300;

/** Runs the installer with its progress on this terminal, and returns how long it took. */
async function install(): Promise<number> {
  const startMs = performance.now();
  const version = flags.version === undefined ? [] : ["--version", flags.version];
  const args = ["worker", "install-tensorflow", ...version, ...(flags.gpu ? ["--gpu"] : [])];
  const child = spawn(process.execPath, [builtProgram("cli/main.ts"), ...args], { stdio: "inherit" });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`install-tensorflow ended with exit code ${String(code)}`);
  return (performance.now() - startMs) / 1000;
}

async function measure(name: "tensorflow" | "wasm"): Promise<BackendFigures> {
  const result = await probeWith(builtProgram("worker/backend/probe.ts"))(name, new AbortController().signal);
  if (result.type === "fails") throw new Error(`${name}: ${result.reason}`);
  return result.figures;
}

const cache = await mkdtemp(join(tmpdir(), "fpnas-tensorflow-"));
process.env["FPNAS_CACHE_DIR"] = cache;
try {
  const seconds = await install();
  const again = await install();
  console.log(`installed in ${seconds.toFixed(0)} s; told again, it took ${again.toFixed(1)} s`);
  if (seconds > mostSeconds) throw new Error(`an installation is to take ${mostSeconds} s at most`);
  for (const threads of new Set([1, availableParallelism()])) {
    process.env["TF_NUM_INTRAOP_THREADS"] = String(threads);
    const native = await measure("tensorflow");
    const wasm = await measure("wasm");
    console.log(
      [
        `${native.version} on ${native.device}, ${threads} ${threads === 1 ? "thread" : "threads"}: ${native.imagesPerSecond.toFixed(0)} img/s`,
        `wasm, one thread: ${wasm.imagesPerSecond.toFixed(0)} img/s, ${(wasm.imagesPerSecond / native.imagesPerSecond).toFixed(2)} of it`,
      ].join("; "),
    );
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(cache, { recursive: true, force: true });
}
