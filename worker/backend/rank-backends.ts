import { backendNames, type BackendName } from "./backend.ts";
import type { Probe, ProbeResult } from "./run-probe.ts";

/** Each backend that was probed, in the order of `backendNames`. */
export type ProbeResults = readonly (readonly [BackendName, ProbeResult])[];

/** The ones worth comparing: plain JavaScript is slower than any other, and stays for where no other works. */
const compared = backendNames.filter((name) => name !== "cpu");

/** Probes one backend after the other, so that none takes cores from another, and tells each result as it comes. */
export async function probeBackends(
  names: readonly BackendName[],
  probe: Probe,
  signal: AbortSignal,
  tell: (name: BackendName, result: ProbeResult) => void = () => undefined,
): Promise<ProbeResults> {
  const results: [BackendName, ProbeResult][] = [];
  for (const name of names) {
    const result = await probe(name, signal);
    tell(name, result);
    results.push([name, result]);
  }
  return results;
}

/** Probes what `auto` chooses from. */
export function probeCandidates(probe: Probe, signal: AbortSignal): Promise<ProbeResults> {
  return probeBackends(compared, probe, signal);
}

/** Those that work, fastest first; of equals the one that stands first in `backendNames`. Ends with cpu, which always works. */
export function ranking(results: ProbeResults): readonly BackendName[] {
  const speeds = results.flatMap(([name, result]) =>
    result.type === "works" && name !== "cpu" ? [{ name, speed: result.figures.imagesPerSecond }] : [],
  );
  return [...speeds.toSorted((a, b) => b.speed - a.speed).map(({ name }) => name), "cpu"];
}

/** What was found, in one line: "wasm 1357 img/s, tensorflow 731 img/s; webgpu cannot be used: no adapter". */
export function describeResults(results: ProbeResults): string {
  const order = ranking(results);
  const worked = results
    .flatMap(([name, result]) => (result.type === "works" ? [{ name, speed: result.figures.imagesPerSecond }] : []))
    .toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
    .map(({ name, speed }) => `${name} ${speed.toFixed(0)} img/s`);
  const failed = results.flatMap(([name, result]) =>
    result.type === "fails" ? [`${name} cannot be used: ${result.reason}`] : [],
  );
  return [...(worked.length === 0 ? [] : [worked.join(", ")]), ...failed].join("; ");
}
