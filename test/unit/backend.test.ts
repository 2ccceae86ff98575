import { describe, expect, jest, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import type { ProbeResults } from "../../worker/backend/rank-backends.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";

/** Native TensorFlow is an optional extra; these tests hold with and without it. */
const hasTensorflow = await selectBackend("tensorflow").then(
  () => true,
  () => false,
);

describe("selecting a backend", () => {
  test("auto takes the fastest that loads and says in one line which and why", async () => {
    const log: string[] = [];
    const figures = { version: "1", device: "CPU", peakBytes: 1 };
    const results: ProbeResults = [
      ["tensorflow", { type: "fails", reason: "its process was ended by SIGILL" }],
      ["wasm", { type: "works", figures: { ...figures, imagesPerSecond: 1234 } }],
    ];
    const { name } = await selectBackend(
      "auto",
      (message) => log.push(message),
      () => Promise.resolve(results),
    );
    expect(name).toBe("wasm");
    expect(tf.getBackend()).toBe(name);
    expect(log).toEqual([
      "training on wasm: wasm 1234 img/s; tensorflow cannot be used: its process was ended by SIGILL",
    ]);
  });

  test("auto takes cpu where nothing else works, and the next one where one has gone since it was measured", async () => {
    expect((await selectBackend("auto", undefined, () => Promise.resolve([]))).name).toBe("cpu");
    if (hasTensorflow) return;
    const log: string[] = [];
    const figures = { version: "1", device: "CPU", peakBytes: 1 };
    const results: ProbeResults = [
      ["tensorflow", { type: "works", figures: { ...figures, imagesPerSecond: 9 } }],
      ["wasm", { type: "works", figures: { ...figures, imagesPerSecond: 5 } }],
    ];
    const { name } = await selectBackend(
      "auto",
      (message) => log.push(message),
      () => Promise.resolve(results),
    );
    expect(name).toBe("wasm");
    expect(log).toEqual([
      expect.stringMatching(
        /^training on wasm: tensorflow 9 img\/s, wasm 5 img\/s; backend tensorflow cannot be used: [^\n]+$/,
      ),
    ]);
  });

  test("takes the one that is asked for, or rejects with the reason", async () => {
    for (const name of ["cpu", "wasm"] as const) {
      const backend = await selectBackend(name);
      expect(backend.name).toBe(name);
      expect(backend.version).toMatch(/^tfjs \d/);
      expect(backend.device).toMatch(/^CPU/);
    }
    if (!hasTensorflow) await expect(selectBackend("tensorflow")).rejects.toThrow(/tensorflow cannot be used/);
  });

  test("prints nothing and leaves the process's handlers alone", async () => {
    const written = [jest.spyOn(process.stdout, "write"), jest.spyOn(process.stderr, "write")];
    const printed = (["log", "info", "warn", "error"] as const).map((method) => jest.spyOn(console, method));
    const handlers = () => ["uncaughtException", "unhandledRejection"].map((event) => process.listenerCount(event));
    const before = handlers();
    const backend = await selectBackend("wasm");
    await backend.restart();
    await selectBackend("cpu");
    tf.tidy(() => tf.add(tf.ones([2]), 1));
    expect(handlers()).toEqual(before);
    for (const spy of [...written, ...printed]) expect(spy).not.toHaveBeenCalled();
    jest.restoreAllMocks();
  });
});

describe("the wasm backend", () => {
  const gibibyte = [2 ** 28];

  test("throws where an allocation does not fit, whole and usable, and serves what is freed", async () => {
    const backend = await selectBackend("wasm");
    const heap = tf.backend() as unknown as {
      makeOutput(shape: number[], dtype: string): tf.TensorInfo;
      disposeData(dataId: object): void;
    };
    const held: tf.TensorInfo[] = [];
    const allocate = (shape: number[]): void => void held.push(heap.makeOutput(shape, "float32"));
    const fill = (): void => {
      for (let count = 0; count < 5; count += 1) allocate(gibibyte);
    };
    expect(() => allocate([2 ** 29])).toThrow(/out of memory/);
    expect(fill).toThrow(/out of memory: no 1073741824 bytes on the wasm heap/);
    expect(held).toHaveLength(3);
    const sum = tf.tidy(() => tf.sum(tf.ones([100])).dataSync()[0]);
    expect(sum).toBe(100);
    heap.disposeData(held.pop()!.dataId);
    allocate(gibibyte);
    expect(backend.memory().heapBytes).toBeGreaterThan(3 * 2 ** 30);
  });

  test("starts afresh with a small heap, its kernels included", async () => {
    const backend = await selectBackend("wasm");
    await backend.restart();
    expect(backend.memory().heapBytes).toBeLessThan(2 ** 26);
    const x = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
    const attributes = { strides: 1, pad: 0, filterShape: [1, 1, 1, 1] };
    const dw: tf.Tensor = tf.engine().runKernel("DepthwiseConv2dNativeBackpropFilter", { x, dy: x }, attributes);
    expect([...dw.dataSync()]).toEqual([4]);
    tf.dispose([x, dw]);
  });
});
