import { describe, expect, test } from "@jest/globals";

import { createGroupCommit } from "../../coordinator/storage/sql/group-commit.ts";
import { StorageError } from "../../coordinator/storage/storage.ts";

/** A database that keeps what it was asked to write and answers when told to. */
function createWriter() {
  const groups: (readonly string[])[] = [];
  const answers: PromiseWithResolvers<readonly (StorageError | null)[]>[] = [];
  return {
    groups,
    write: (units: readonly string[]) => {
      groups.push(units);
      const answer = withResolvers<readonly (StorageError | null)[]>();
      answers.push(answer);
      return answer.promise;
    },
    /** Waits for the group of that number, counted from 0. */
    async group(index: number) {
      while (answers[index] === undefined) await new Promise((resolve) => setImmediate(resolve));
      return answers[index];
    },
  };
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let settle: Omit<PromiseWithResolvers<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle! };
}

describe("a group commit", () => {
  test("writes in one group what is submitted in one turn, and in the next what comes while that is written", async () => {
    const writer = createWriter();
    const commit = createGroupCommit(writer.write);
    const first = [commit.submit("a"), commit.submit("b")];
    const answer = await writer.group(0);
    const later = ["c", "d", "e"].map((unit) => commit.submit(unit));
    answer.resolve([null, null]);
    await Promise.all(first);
    (await writer.group(1)).resolve([null, null, null]);
    await Promise.all(later);
    expect(writer.groups).toEqual([
      ["a", "b"],
      ["c", "d", "e"],
    ]);
  });

  test("tells each its own refusal", async () => {
    const writer = createWriter();
    const commit = createGroupCommit(writer.write);
    const answers = ["a", "b", "c"].map((unit) => commit.submit(unit));
    const refusal = new StorageError("conflict", "b is late");
    (await writer.group(0)).resolve([null, refusal, null]);
    const settled = await Promise.allSettled(answers);
    expect(settled).toEqual([
      { status: "fulfilled", value: undefined },
      { status: "rejected", reason: refusal },
      { status: "fulfilled", value: undefined },
    ]);
  });

  test("tells all of a group what the whole group failed of, and goes on with the next", async () => {
    const writer = createWriter();
    const commit = createGroupCommit(writer.write);
    const answers = ["a", "b"].map((unit) => commit.submit(unit));
    const failure = new StorageError("unavailable", "the disk is full");
    (await writer.group(0)).reject(failure);
    for (const { status, ...rest } of await Promise.allSettled(answers)) {
      expect({ status, ...rest }).toEqual({ status: "rejected", reason: failure });
    }
    const next = commit.submit("c");
    (await writer.group(1)).resolve([null]);
    await next;
  });

  test("bounds a group and keeps the order", async () => {
    const groups: (readonly number[])[] = [];
    const commit = createGroupCommit((units: readonly number[]) => {
      groups.push(units);
      return Promise.resolve(units.map(() => null));
    });
    const units = Array.from({ length: 1300 }, (_, index) => index);
    await Promise.all(units.map((unit) => commit.submit(unit)));
    expect(groups.map((group) => group.length)).toEqual([512, 512, 276]);
    expect(groups.flat()).toEqual(units);
  });

  test("drains: resolves when all that was submitted is answered", async () => {
    const writer = createWriter();
    const commit = createGroupCommit(writer.write);
    await commit.drain();
    let drained = false;
    const submitted = commit.submit("a");
    const draining = commit.drain().then(() => (drained = true));
    const answer = await writer.group(0);
    expect(drained).toBe(false);
    answer.resolve([null]);
    await Promise.all([submitted, draining]);
  });
});
