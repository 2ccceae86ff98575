import { describe, expect, test } from "@jest/globals";
import type { Fleet } from "./fleet/fleet-model.ts";
import { SharedLink } from "./fleet/link.ts";
import { simulateFleet } from "./fleet/simulate-fleet.ts";
import { World } from "./world/world.ts";

const fleet: Fleet = {
  ...{ workers: 64, space: "mbconv-small", localSteps: 4, precision: "float32", speed: 1 },
  ...{ drawsPerWorker: 8, updateAfter: 80, inFlight: 256 },
};

describe("a fleet of 64 workers at 10 ms round trips, over links of 1 Gbit/s", () => {
  test("computes nine tenths of its time", async () => {
    const report = await simulateFleet(fleet);
    expect(report.draws).toBe(512);
    expect(report.busyFraction).toBeGreaterThanOrEqual(0.9);
    expect(report.stale).toBeLessThan(0.05 * report.draws);
  }, 60_000);

  test("is bound by the coordinator's link where it computes faster than weights come", async () => {
    const { busyFraction, downUse, samplesPerSecond, bytesPerSample } = await simulateFleet({ ...fleet, speed: 50 });
    expect(busyFraction).toBeLessThan(0.5);
    expect(downUse).toBeGreaterThan(0.8);
    expect((samplesPerSecond * bytesPerSample) / 2).toBeLessThan(1.05 * 0.95 * 125e6);
  }, 60_000);
});

describe("a link", () => {
  const carry = async (...starts: readonly (readonly [atMs: number, bytes: number])[]): Promise<readonly number[]> => {
    const world = new World(1, null);
    const link = new SharedLink(world, 100, 80);
    const ends: number[] = [];
    starts.forEach(([atMs, bytes], index) => {
      world.after(atMs, () => void link.carry(bytes).then(() => (ends[index] = world.nowMs)));
    });
    await world.runUntil(() => false, 10_000);
    expect(link.bytes).toBeCloseTo(
      starts.reduce((sum, [, bytes]) => sum + bytes, 0),
      6,
    );
    return ends;
  };

  test("lets one transfer pass at its own highest rate, several at an even share", async () => {
    expect(await carry([0, 800])).toEqual([10]);
    expect(await carry([0, 1000], [0, 1000])).toEqual([20, 20]);
    // 50 each up to 10, then 80 for the one that is left.
    expect(await carry([0, 500], [0, 1300])).toEqual([10, 20]);
    // Alone up to 5, shared up to 17, alone again.
    expect(await carry([0, 1000], [5, 1000])).toEqual([17, 22]);
  });
});
