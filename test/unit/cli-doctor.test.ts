import { describe, expect, test } from "@jest/globals";
import { adviceFor } from "../../cli/doctor/advice.ts";
import { parseGpus, type Machine } from "../../cli/doctor/machine.ts";
import { reportText } from "../../cli/doctor/report-text.ts";
import type { ProbeResults } from "../../worker/backend/rank-backends.ts";
import type { ProbeResult } from "../../worker/backend/run-probe.ts";

const machine: Machine = {
  ...{ node: "v20.20.2", platform: "linux x64", cpu: "a CPU", cores: 4, gpus: [] },
  ...{ memoryBytes: 16 * 2 ** 30, freeMemoryBytes: 8 * 2 ** 30 },
};
const works = (imagesPerSecond: number, device = "CPU, one thread with SIMD", peakBytes = 2 ** 30): ProbeResult => ({
  type: "works",
  figures: { version: "1.2.3", device, imagesPerSecond, peakBytes },
});
const fails: ProbeResult = { type: "fails", reason: "no library" };
const gpu = { name: "NVIDIA L4", capability: 8.9, driver: "550.54", memoryBytes: 24 * 2 ** 30 };
const installation = { folder: "/cache/tf", version: "2.21.0", variant: "cpu" } as const;

describe("the doctor's advice", () => {
  const wasmOnly: ProbeResults = [
    ["tensorflow", fails],
    ["wasm", works(1000)],
  ];

  test("is to install TensorFlow where it is missing, and to use every core", () => {
    expect(adviceFor(wasmOnly, "wasm", machine, null)).toEqual([
      "Native TensorFlow is missing, which may be faster here: fpnas worker install-tensorflow",
      "wasm uses one core a worker: fpnas worker --concurrency 4, or fpnas run --workers 4",
    ]);
    expect(adviceFor(wasmOnly, "wasm", { ...machine, platform: "darwin arm64", cores: 1 }, null)).toEqual([]);
  });

  test("is to use a GPU that no backend uses", () => {
    const [first] = adviceFor(wasmOnly, "wasm", { ...machine, gpus: [gpu] }, null);
    expect(first).toBe("There is a GPU, NVIDIA L4, that no backend uses: fpnas worker install-tensorflow --gpu");
    const withCuda = { ...installation, variant: "gpu" } as const;
    expect(adviceFor([["tensorflow", works(9, "CPU")]], "tensorflow", { ...machine, gpus: [gpu] }, withCuda)).toEqual([
      'TensorFlow does not find the GPU, NVIDIA L4: see "GPUs" in docs/training.md',
    ]);
    expect(adviceFor([["tensorflow", works(9, "GPU")]], "tensorflow", { ...machine, gpus: [gpu] }, withCuda)).toEqual(
      [],
    );
    const old = { ...gpu, capability: 5.2 };
    expect(
      adviceFor([["tensorflow", works(9, "CPU")]], "tensorflow", { ...machine, gpus: [old] }, installation),
    ).toEqual([]);
  });

  test("tells an installation that does not work, a wasm without SIMD, and memory that does not suffice", () => {
    expect(adviceFor([["tensorflow", fails]], null, machine, installation)).toEqual([
      "The TensorFlow in /cache/tf does not work: remove the folder and install it again",
    ]);
    expect(adviceFor([["wasm", works(9, "CPU, one thread", 6 * 2 ** 30)]], "wasm", machine, installation)).toEqual([
      expect.stringContaining("--concurrency 4"),
      "wasm runs without SIMD, several times slower: use Node 20 on x64 or arm64",
      "A worker for each core needs more memory than there is: --concurrency 2 at most",
    ]);
  });
});

describe("the doctor's report", () => {
  const report = { version: "0.1.0", machine: { ...machine, gpus: [gpu] }, installation: null, advice: ["Do this"] };

  test("has machine, backends, the one that is taken, and advice", () => {
    const results: ProbeResults = [
      ["tensorflow", fails],
      ["wasm", works(1234.5)],
    ];
    expect(reportText({ ...report, results, taken: "wasm" })).toBe(
      [
        "fpnas 0.1.0, Node v20.20.2, linux x64",
        "a CPU, 4 cores; 16.0 GiB memory, 8.0 GiB free",
        "GPU NVIDIA L4, 24.0 GiB, compute capability 8.9, driver 550.54",
        "",
        "backend     check  img/s   memory",
        "tensorflow  no                     no library",
        "wasm        ok      1235  1.0 GiB  1.2.3, CPU, one thread with SIMD",
        "",
        "Workers train on wasm (--backend auto).",
        "- Do this",
      ].join("\n"),
    );
  });

  test("says so where no backend works", () => {
    expect(reportText({ ...report, results: [["cpu", fails]], taken: null })).toContain("No backend can train here.");
  });

  test("reads what NVIDIA's driver tells", () => {
    expect(parseGpus("NVIDIA L4, 8.9, 550.54, 24576\n")).toEqual([gpu]);
    expect(parseGpus("")).toEqual([]);
  });
});
