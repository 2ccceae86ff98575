import { describe, expect, test } from "@jest/globals";
import { describeResults, probeBackends, probeCandidates, ranking } from "../../worker/backend/rank-backends.ts";
import type { Probe, ProbeResult } from "../../worker/backend/run-probe.ts";

const works = (imagesPerSecond: number): ProbeResult => ({
  type: "works",
  figures: { version: "1", device: "CPU", imagesPerSecond, peakBytes: 1 },
});
const fails = (reason: string): ProbeResult => ({ type: "fails", reason });
const never = new AbortController().signal;

describe("ranking backends", () => {
  test("puts the fastest first, then what works, and cpu last however fast it was", () => {
    expect(
      ranking([
        ["tensorflow", works(700)],
        ["wasm", works(1400)],
        ["cpu", works(9999)],
      ]),
    ).toEqual(["wasm", "tensorflow", "cpu"]);
    expect(
      ranking([
        ["tensorflow", works(700)],
        ["wasm", works(700)],
      ]),
    ).toEqual(["tensorflow", "wasm", "cpu"]);
  });

  test("leaves out what does not work, and keeps cpu for where nothing does", () => {
    expect(
      ranking([
        ["tensorflow", fails("none")],
        ["wasm", works(1)],
      ]),
    ).toEqual(["wasm", "cpu"]);
    expect(
      ranking([
        ["tensorflow", fails("none")],
        ["wasm", fails("no SIMD")],
      ]),
    ).toEqual(["cpu"]);
  });

  test("tells speeds and reasons in one line", () => {
    expect(
      describeResults([
        ["tensorflow", works(731.4)],
        ["wasm", works(1357)],
      ]),
    ).toBe("wasm 1357 img/s, tensorflow 731 img/s");
    expect(
      describeResults([
        ["tensorflow", fails("no library")],
        ["wasm", works(1)],
      ]),
    ).toBe("wasm 1 img/s; tensorflow cannot be used: no library");
  });

  test("probes one after the other, and plain JavaScript only where it is asked for", async () => {
    const log: string[] = [];
    const probe: Probe = async (name) => {
      log.push(`start ${name}`);
      await Promise.resolve();
      log.push(`end ${name}`);
      return works(1);
    };
    await probeBackends(["wasm", "cpu"], probe, never, (name) => log.push(`told ${name}`));
    expect(log).toEqual(["start wasm", "end wasm", "told wasm", "start cpu", "end cpu", "told cpu"]);
    const candidates = (await probeCandidates(probe, never)).map(([name]) => name);
    expect(candidates).toContain("wasm");
    expect(candidates).not.toContain("cpu");
  });
});
