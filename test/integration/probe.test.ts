import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { probeWith } from "../../worker/backend/run-probe.ts";
import { builtProgram } from "../support/built-program.ts";
import { useFolder } from "../support/cli-files.ts";

const folder = useFolder();
const never = new AbortController().signal;

/** A probe whose program is this text. */
function probeOf(text: string): ReturnType<typeof probeWith> {
  const path = join(folder.path, "program.mjs");
  writeFileSync(path, text);
  return probeWith(path);
}

describe("a probe", () => {
  test("checks and measures a backend in a process of its own", async () => {
    const result = await probeWith(builtProgram("worker/backend/probe.ts"))("wasm", never);
    expect(result).toEqual({
      type: "works",
      figures: {
        version: expect.stringMatching(/^tfjs \d/),
        device: expect.stringContaining("CPU"),
        imagesPerSecond: expect.any(Number),
        peakBytes: expect.any(Number),
      },
    });
    expect(result.type === "works" && result.figures.imagesPerSecond).toBeGreaterThan(0);
  });

  test("tells why a backend does not load", async () => {
    const probe = probeWith(builtProgram("worker/backend/probe.ts"), ["/none"]);
    const { type, reason } = (await probe("tensorflow", never)) as { readonly type: string; readonly reason: string };
    expect(type).toBe("fails");
    expect(reason).toContain("/none");
    expect(reason).not.toContain("\n");
  });

  test.each([
    ["process.kill(process.pid, 'SIGSEGV'); setInterval(() => {}, 1000)", "its process was ended by SIGSEGV"],
    [
      "console.error('first\\nF0000 Check failed: status'); process.exit(6)",
      "its process ended with exit code 6: F0000 Check failed: status",
    ],
  ])("outlives a backend that takes its process down: %s", async (program, reason) => {
    expect(await probeOf(program)("tensorflow", never)).toEqual({ type: "fails", reason });
  });

  test("ends its process and rejects when it is broken off", async () => {
    const stop = new AbortController();
    const probing = probeOf("process.send({}); setInterval(() => {}, 1000)")("wasm", stop.signal);
    stop.abort();
    await expect(probing).rejects.toThrow(/aborted/);
  });
});
