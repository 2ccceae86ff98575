import { describe, expect, test } from "@jest/globals";
import { untilIdle, untilTaken } from "../../coordinator/rpc/idle.ts";

async function* numbers(count: number, log: string[]): AsyncGenerator<number> {
  try {
    for (let number = 1; number <= count; number += 1) yield await Promise.resolve(number);
  } finally {
    log.push("ended");
  }
}

describe("the requests of a call", () => {
  test("come as they are, to their end", async () => {
    const [got, log]: [number[], string[]] = [[], []];
    for await (const number of untilIdle(numbers(3, log), 60_000)) got.push(number);
    expect([got, log]).toEqual([[1, 2, 3], ["ended"]]);
  });

  test("are let go by who reads no further", async () => {
    const log: string[] = [];
    for await (const number of untilIdle(numbers(3, log), 60_000)) {
      expect(number).toBe(1);
      break;
    }
    expect(log).toEqual(["ended"]);
  });

  test("are given up where nothing comes, and not waited for any more", async () => {
    const silent: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => new Promise(() => undefined),
      }),
    };
    const reading = untilIdle(silent, 1).next();
    await expect(reading).rejects.toMatchObject({ name: "EngineError", code: "aborted", reason: "CALL_IDLE" });
  });

  test("are given up where nothing of the answer is taken", async () => {
    await expect(untilTaken(Promise.resolve(), 60_000)).resolves.toBeUndefined();
    const taken = untilTaken(new Promise(() => undefined), 1);
    await expect(taken).rejects.toMatchObject({ code: "aborted", reason: "CALL_IDLE" });
  });

  test("fail as the call does", async () => {
    async function* broken(): AsyncGenerator<number> {
      yield await Promise.reject(new Error("broken"));
    }
    await expect(untilIdle(broken(), 60_000).next()).rejects.toThrow("broken");
  });
});
