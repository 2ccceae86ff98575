import { afterEach, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { selfCheckReference } from "../../worker/backend/self-check-reference.ts";
import { differences, selfCheck, selfCheckFigures, selfCheckTolerance } from "../../worker/backend/self-check.ts";

const digits = (value: number): number => Number(value.toPrecision(4));

describe("the self-check", () => {
  test("has its reference from the cpu backend", async () => {
    await selectBackend("cpu");
    const before = tf.memory().numTensors;
    const { losses, changes } = await selfCheckFigures();
    expect(tf.memory().numTensors).toBe(before);
    // Exp and log are not specified to the last bit, and what normalization scales away is nothing but rounding.
    const told = changes.filter(({ length }) => length > 1e-3);
    const kept = selfCheckReference.changes.filter(({ length }) => length > 1e-3);
    const round = (all: typeof changes) =>
      all.map(({ along, length }) => ({ along: digits(along), length: digits(length) }));
    expect({ losses: losses.map(digits), changes: round(told) }).toEqual({
      losses: selfCheckReference.losses.map(digits),
      changes: round(kept),
    });
    expect(changes).toHaveLength(selfCheckReference.changes.length);
    expect(losses[1]).toBeLessThan(losses[0]!);
  });

  test("passes the wasm backend", async () => {
    await selectBackend("wasm");
    await selfCheck();
  });

  test("tells each figure that is further off than the tolerance, and none that is not", () => {
    const { losses, changes } = selfCheckReference;
    const scaled = (by: number) => ({
      losses: losses.map((loss) => loss * (1 + by * selfCheckTolerance.loss)),
      changes: changes.map(({ along, length }) => ({ along: along + by * selfCheckTolerance.change * length, length })),
    });
    expect(differences(scaled(0.9))).toEqual([]);
    const told = differences(scaled(1.5));
    expect(told.slice(0, 2)).toEqual([
      expect.stringMatching(/^the loss of step 1 is 1\.31\d+ instead of 1\.31\d+$/),
      expect.stringMatching(/^the loss of step 2 is /),
    ]);
    expect(told.slice(2).every((text) => /^the change of parameter \d+ is /.test(text))).toBe(true);
    expect(told.length).toBeGreaterThan(15);
    expect(differences({ losses: [], changes: [] })).toHaveLength(losses.length + changes.length);
    expect(differences({ losses: [NaN, NaN], changes })).toHaveLength(2);
  });

  describe("on kernels that compute something else", () => {
    const restore: (() => void)[] = [];
    afterEach(() => {
      for (const undo of restore.splice(0)) undo();
    });
    /** Has a wasm kernel give its first result times a factor. */
    const spoil = (kernelName: string, factor: number): void => {
      const right = tf.getKernel(kernelName, "wasm");
      const put = (config: tf.KernelConfig) => {
        tf.unregisterKernel(kernelName, "wasm");
        tf.registerKernel(config);
      };
      put({
        ...right,
        kernelFunc: (call) => {
          const result = right.kernelFunc(call);
          const [first] = Array.isArray(result) ? result : [result];
          const heap = tf.backend() as unknown as { typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array };
          const values = heap.typedArrayFromHeap(first!);
          values.forEach((value, i) => (values[i] = value * factor));
          return result;
        },
      });
      restore.push(() => put(right));
    };

    test.each(["Conv2DBackpropFilter", "DepthwiseConv2dNativeBackpropInput", "FpnasBatchNormGradient"])(
      "rejects a %s that is off by a tenth",
      async (kernelName) => {
        await selectBackend("wasm");
        spoil(kernelName, 1.1);
        await expect(selfCheck()).rejects.toThrow(
          /^it computes wrongly: after known training steps, the .* is .* instead of/,
        );
      },
    );
  });
});
