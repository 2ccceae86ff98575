import { describe, expect, jest, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import { selectBackend } from "../../worker/backend/select-backend.ts";

/** Native TensorFlow is an optional extra; these tests hold with and without it. */
const hasTensorflow = await selectBackend("tensorflow").then(
  () => true,
  () => false,
);

describe("selecting a backend", () => {
  test("auto takes the fastest that loads and says in one line why not a faster one", async () => {
    const log: string[] = [];
    const { name } = await selectBackend("auto", (message) => log.push(message));
    expect(name).toBe(hasTensorflow ? "tensorflow" : "wasm");
    expect(tf.getBackend()).toBe(name);
    expect(log).toHaveLength(hasTensorflow ? 0 : 1);
    if (!hasTensorflow)
      expect(log[0]).toMatch(/^backend tensorflow cannot be used: @tensorflow\/tfjs-node-gpu: [^\n]+$/);
  });

  test("takes the one that is asked for, or rejects with the reason", async () => {
    expect((await selectBackend("cpu")).name).toBe("cpu");
    expect((await selectBackend("wasm")).name).toBe("wasm");
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
