import { describe, expect, test } from "@jest/globals";
import { cudaRequirements } from "../../worker/tensorflow/fetch-cuda.ts";
import { defaultVersion, wheelFor } from "../../worker/tensorflow/wheels.ts";

describe("the wheel for a machine", () => {
  test("is known by its hash for the default version, on every machine that has one", () => {
    const known = [
      wheelFor(defaultVersion, "cpu", "linux", "x64"),
      wheelFor(defaultVersion, "gpu", "linux", "x64"),
      wheelFor(defaultVersion, "cpu", "linux", "arm64"),
    ];
    expect(known.map(({ name }) => name)).toEqual(["tensorflow-cpu", "tensorflow", "tensorflow"]);
    for (const { sha256 } of known) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(known.map(({ sha256 }) => sha256)).size).toBe(3);
    expect(known[2]!.platforms.every((platform) => platform.endsWith("_aarch64"))).toBe(true);
  });

  test("of two numbers is the newest known one", () => {
    expect(wheelFor("2.19", "cpu", "linux", "x64").version).toBe("2.19.1");
    expect(wheelFor("2.99", "cpu", "linux", "x64")).toMatchObject({ version: "2.99.0", sha256: null });
    expect(wheelFor("2.19.0", "cpu", "linux", "x64")).toMatchObject({ version: "2.19.0", sha256: null });
  });

  test("is refused where there is none, with what to do instead", () => {
    expect(() => wheelFor("2.21", "cpu", "darwin", "arm64")).toThrow(
      /on Linux on x64 and arm64, not on darwin on arm64; wasm works there/,
    );
    expect(() => wheelFor("2.21", "gpu", "linux", "arm64")).toThrow(/no TensorFlow for GPUs on arm64; leave --gpu out/);
  });
});

test("the CUDA packages of a wheel are those of its extra and-cuda", () => {
  const metadata = [
    "Name: tensorflow",
    "Requires-Dist: numpy>=1.26.0",
    'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
    "Requires-Dist: nvidia-cudnn-cu12 (==9.3.0.75) ; extra == 'and-cuda'",
    'Requires-Dist: nvidia-other; extra == "other"',
  ].join("\n");
  expect(cudaRequirements(metadata)).toEqual(["nvidia-cublas-cu12<13.0,>=12.5.3.2", "nvidia-cudnn-cu12==9.3.0.75"]);
});
