import { backendNames, type BackendName } from "../../worker/backend/backend.ts";
import { probeBackends, ranking, type ProbeResults } from "../../worker/backend/rank-backends.ts";
import type { Probe } from "../../worker/backend/run-probe.ts";
import { replaceVerdict, verdictPath } from "../../worker/backend/verdict-file.ts";
import { chosenInstallation, type Installation } from "../../worker/tensorflow/installation.ts";
import { packageVersion } from "../package-file.ts";
import { adviceFor } from "./advice.ts";
import { inspectMachine, type Machine } from "./machine.ts";

/** What this machine can train on. */
export interface DoctorReport {
  readonly version: string;
  readonly machine: Machine;
  /** What `fpnas worker install-tensorflow` has installed. */
  readonly installation: Installation | null;
  readonly results: ProbeResults;
  /** The backend that `auto` takes; null where none can train. */
  readonly taken: BackendName | null;
  readonly advice: readonly string[];
}

/** Checks and measures every backend anew, one after the other, and leaves the verdict for the workers of this machine. */
export async function diagnose(probe: Probe, note: (text: string) => void, signal: AbortSignal): Promise<DoctorReport> {
  const [machine, installation] = await Promise.all([inspectMachine(), chosenInstallation()]);
  const results = await probeBackends(backendNames, probe, signal, (name, result) =>
    note(`${name}: ${result.type === "works" ? `${result.figures.imagesPerSecond.toFixed(0)} img/s` : result.reason}`),
  );
  await replaceVerdict(
    await verdictPath(),
    results.filter(([name]) => name !== "cpu"),
  );
  const working = new Map(results);
  const taken = ranking(results).find((name) => working.get(name)?.type === "works") ?? null;
  const advice = adviceFor(results, taken, machine, installation);
  return { version: packageVersion(), machine, installation, results, taken, advice };
}
