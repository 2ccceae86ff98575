import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { status } from "@grpc/grpc-js";
import { FileSource } from "../../worker/client/file-source.ts";
import { FakeCoordinator, ManualTimers, settled } from "../support/worker-fakes.ts";

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const away = Object.assign(new Error("away"), { code: status.UNAVAILABLE });
const stopped = Object.assign(new Error("stopped"), { code: status.CANCELLED });
const unavailable = { name: "EvaluationError", reason: "data_unavailable" };

function source(capacityBytes?: number) {
  const coordinator = new FakeCoordinator();
  const timers = new ManualTimers();
  const files = new Map<string, Uint8Array>();
  const fetched: string[] = [];
  coordinator.fetchFile = (sha256) => {
    fetched.push(sha256);
    const bytes = files.get(sha256);
    const missing = Object.assign(new Error("no such file"), { code: status.NOT_FOUND });
    return bytes === undefined ? Promise.reject(missing) : Promise.resolve(bytes);
  };
  const add = (text: string): string => {
    const bytes = Buffer.from(text);
    files.set(hashOf(bytes), bytes);
    return hashOf(bytes);
  };
  return {
    coordinator,
    timers,
    files,
    fetched,
    add,
    source: new FileSource(coordinator, timers, () => 0, capacityBytes),
  };
}

const { signal } = new AbortController();

describe("the files of jobs", () => {
  test("are fetched once and then kept", async () => {
    const { source: files, add, fetched } = source();
    const sha256 = add("one");
    expect(Buffer.from(await files.fetch(sha256, signal)).toString()).toBe("one");
    await files.fetch(sha256, signal);
    expect(fetched).toEqual([sha256]);
  });

  test("leave when the memory is full, the least recently used first", async () => {
    const { source: files, add, fetched } = source(6);
    const [a, b, c] = [add("aaa"), add("bbb"), add("ccc")];
    for (const sha256 of [a, b, a, c]) await files.fetch(sha256, signal);
    fetched.length = 0;
    for (const sha256 of [a, c, b]) await files.fetch(sha256, signal);
    expect(fetched).toEqual([b]);
  });

  test("are used but not kept where one alone is larger than the memory", async () => {
    const { source: files, add, fetched } = source(2);
    const sha256 = add("aaa");
    await files.fetch(sha256, signal);
    await files.fetch(sha256, signal);
    expect(fetched).toHaveLength(2);
  });

  test("are refused, and not kept, with another hash", async () => {
    const { source: files, files: stored } = source();
    stored.set("0".repeat(64), Buffer.from("something else"));
    await expect(files.fetch("0".repeat(64), signal)).rejects.toMatchObject(unavailable);
    await expect(files.fetch("0".repeat(64), signal)).rejects.toThrow(/another hash/);
  });

  test("that nobody has are not asked for again", async () => {
    const { source: files, fetched } = source();
    await expect(files.fetch("0".repeat(64), signal)).rejects.toMatchObject(unavailable);
    expect(fetched).toHaveLength(1);
  });

  test("are asked for again while the coordinator is away, and come when it is back", async () => {
    const { coordinator, source: files, timers } = source();
    let asked = 0;
    coordinator.fetchFile = () =>
      ++asked < 4 ? Promise.reject(asked === 2 ? stopped : away) : Promise.resolve(Buffer.from("late"));
    const fetching = files.fetch(hashOf(Buffer.from("late")), signal);
    await settled();
    await timers.pass(200 + 400 + 800);
    expect(Buffer.from(await fetching).toString()).toBe("late");
    expect(timers.pending).toBe(0);
  });

  test("are given up when the coordinator stays away", async () => {
    const { coordinator, source: files, timers } = source();
    let asked = 0;
    coordinator.fetchFile = () => {
      asked += 1;
      return Promise.reject(away);
    };
    const failure = expect(files.fetch("0".repeat(64), signal)).rejects.toMatchObject(unavailable);
    await settled();
    await timers.pass(60_000);
    await failure;
    expect(asked).toBe(10);
  });

  test("are given up at once when the evaluation is aborted, and no timer stays", async () => {
    const { coordinator, source: files, timers } = source();
    coordinator.fetchFile = () => Promise.reject(away);
    const abort = new AbortController();
    const failure = expect(files.fetch("0".repeat(64), abort.signal)).rejects.toMatchObject(unavailable);
    await settled();
    expect(timers.pending).toBe(1);
    abort.abort();
    await failure;
    expect(timers.pending).toBe(0);
  });
});
