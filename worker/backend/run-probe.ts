import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BackendName } from "./backend.ts";
import type { BackendFigures } from "./measure-backend.ts";

/** Whether a backend can train here. */
export type ProbeResult =
  { readonly type: "works"; readonly figures: BackendFigures } | { readonly type: "fails"; readonly reason: string };

/** Checks and measures a backend in a process of its own, whose death is a result too. Rejects only where `signal` is aborted. */
export type Probe = (name: BackendName, signal: AbortSignal) => Promise<ProbeResult>;

/** A backend that takes so long to load and to check is of no use, or hangs. */
const limitMs = 60_000;
/** How much of what a dying process says is kept. */
const keptCharacters = 2000;

/** A probe that runs a program as probe.ts is one: `program BACKEND ..args`. */
export function probeWith(program: string, args: readonly string[] = []): Probe {
  return (name, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const child = fork(program, [name, ...args], { stdio: ["ignore", "ignore", "pipe", "ipc"], execArgv: [] });
      let result: ProbeResult | null = null;
      let said = "";
      const timer = setTimeout(() => {
        result ??= { type: "fails", reason: `it was not ready within ${limitMs / 1000} s` };
        child.kill("SIGKILL");
      }, limitMs);
      const stop = () => child.kill("SIGKILL");
      signal.addEventListener("abort", stop, { once: true });
      child.stderr?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-keptCharacters)));
      child.on("message", (message: ProbeResult) => (result = message));
      child.once("error", (error) => (result ??= { type: "fails", reason: error.message }));
      child.once("close", (code, killer) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
        if (signal.aborted) reject(signal.reason as Error);
        else resolve(result ?? { type: "fails", reason: deathOf(code, killer, said) });
      });
    });
}

function deathOf(code: number | null, killer: NodeJS.Signals | null, said: string): string {
  const how = killer === null ? `ended with exit code ${String(code)}` : `was ended by ${killer}`;
  const last = said.trimEnd().split("\n").at(-1) ?? "";
  return `its process ${how}${last === "" ? "" : `: ${last}`}`;
}

/** The probe of this program's own backends. */
export const probeBackend: Probe = probeWith(fileURLToPath(new URL("./probe.js", import.meta.url)));
