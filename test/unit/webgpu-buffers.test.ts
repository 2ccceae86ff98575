import { describe, expect, test } from "@jest/globals";
import { BufferPool } from "../../worker/backend/webgpu/buffer-pool.ts";

/** A device that counts the bytes of its buffers. */
function countingDevice() {
  let bytes = 0;
  const device = {
    createBuffer: ({ size, usage }: { size: number; usage: number }) => {
      bytes += size;
      return { size, usage, destroy: () => (bytes -= size) };
    },
  };
  return { device: device as unknown as GPUDevice, bytes: () => bytes };
}

/** A training step: every tensor of a network once. */
function step(pool: BufferPool, sizes: readonly number[]): void {
  const buffers = sizes.map((size) => pool.acquireBuffer(size, 1));
  for (const buffer of buffers) pool.releaseBuffer(buffer);
}

describe("the pool of GPU buffers", () => {
  test("gives a buffer of the same size and usage again, and never one that is in use", () => {
    const { device } = countingDevice();
    const pool = new BufferPool(device);
    const [first, second] = [pool.acquireBuffer(64, 1), pool.acquireBuffer(64, 1)];
    expect(second).not.toBe(first);
    pool.releaseBuffer(first);
    expect(pool.acquireBuffer(64, 2)).not.toBe(first);
    expect(pool.acquireBuffer(32, 1)).not.toBe(first);
    expect(pool.acquireBuffer(64, 1)).toBe(first);
    expect([pool.getNumUsedBuffers(), pool.getNumFreeBuffers()]).toEqual([4, 0]);
  });

  test("counts bytes, and destroys what is not to be used again", () => {
    const { device, bytes } = countingDevice();
    const pool = new BufferPool(device);
    const staging = pool.acquireBuffer(100, 1, true, false);
    const kept = pool.acquireBuffer(10, 1);
    expect([pool.numBytesUsed, pool.numBytesAllocated, bytes()]).toEqual([110, 110, 110]);
    pool.releaseBuffer(staging, false);
    pool.releaseBuffer(kept);
    expect([pool.numBytesUsed, pool.numBytesAllocated, bytes()]).toEqual([0, 10, 10]);
    pool.dispose();
    expect([pool.numBytesAllocated, bytes()]).toEqual([0, 0]);
    pool.releaseBuffer(kept);
    expect(pool.getNumFreeBuffers()).toBe(0);
  });

  test("keeps no buffer of networks that are done, and all of the one in training", () => {
    const { device, bytes } = countingDevice();
    const pool = new BufferPool(device);
    for (let trial = 1; trial <= 100; trial += 1) {
      const sizes = Array.from({ length: 20 }, (_, tensor) => 1000 * trial + tensor);
      for (let count = 0; count < 30; count += 1) step(pool, sizes);
      const largest = sizes.reduce((sum, size) => sum + size);
      expect(bytes()).toBe(pool.numBytesAllocated);
      expect(bytes()).toBeGreaterThanOrEqual(largest);
      expect(bytes()).toBeLessThan(3 * largest);
    }
    const before = new Set(Array.from({ length: 20 }, (_, tensor) => pool.acquireBuffer(100_000 + tensor, 1)));
    expect(pool.getNumUsedBuffers()).toBe(before.size);
    expect(pool.getNumFreeBuffers()).toBe(0);
  });
});
