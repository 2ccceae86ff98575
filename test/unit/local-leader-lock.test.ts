import { describe, expect, test } from "@jest/globals";

import { LocalLeaderLock } from "../../coordinator/storage/local-leader-lock.ts";

const unending = new AbortController().signal;

describe("a leader lock within a process", () => {
  test("goes from one to the next in the order it was asked for", async () => {
    const lock = new LocalLeaderLock();
    const first = await lock.acquire(unending);
    const order: string[] = [];
    const waiting = ["a", "b", "c"].map(async (name) => {
      const held = await lock.acquire(unending);
      order.push(name);
      await held.release();
    });
    await first.release();
    await Promise.all(waiting);
    expect(order).toEqual(["a", "b", "c"]);
    expect(await lock.isHeld()).toBe(false);
  });

  test("passes over who gave up waiting", async () => {
    const lock = new LocalLeaderLock();
    const first = await lock.acquire(unending);
    const signal = new AbortController();
    const impatient = lock.acquire(signal.signal);
    const patient = lock.acquire(unending);
    signal.abort(new Error("enough"));
    await expect(impatient).rejects.toThrow("enough");
    await first.release();
    await (await patient).release();
    expect(await lock.isHeld()).toBe(false);
  });

  test("that is taken from its holder tells it so, and is the next one's whatever the first does", async () => {
    const lock = new LocalLeaderLock();
    const first = await lock.acquire(unending);
    const waiting = lock.acquire(unending);
    lock.break(new Error("silent"));
    expect(await first.lost).toMatchObject({ message: "silent" });
    const second = await waiting;
    await first.release();
    expect(await lock.isHeld()).toBe(true);
    await second.release();
    expect(await lock.isHeld()).toBe(false);
  });
});
