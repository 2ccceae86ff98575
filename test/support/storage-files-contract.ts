import { describe, expect, test } from "@jest/globals";

import type { Storage } from "../../coordinator/storage/storage.ts";
import { readWhole } from "../../coordinator/storage/stored-file.ts";
import { jobCommit, newJobCommit } from "./storage-rows.ts";

/** What every store promises of files; `opened` gives the one of the present test. */
export function describeStorageFiles(opened: () => Storage): void {
  const readFile = async (sha256: string) => await readWhole(await opened().getFile(sha256));

  describe("files", () => {
    test.each([0, 1, (1 << 20) - 1, 1 << 20, (5 << 20) + 17])("of %d bytes come back as they were", async (length) => {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 12)) & 255);
      await opened().putFile("sha", bytes);
      const file = await opened().getFile("sha");
      expect(file?.byteLength).toBe(length);
      const read = await readWhole(file);
      expect(read && Buffer.compare(read, bytes)).toBe(0);
    });

    test("may be put again, also at the same time, and are given by value", async () => {
      const bytes = Uint8Array.of(1, 2, 3);
      await Promise.all([opened().putFile("sha", bytes), opened().putFile("sha", bytes)]);
      await opened().putFile("sha", bytes);
      bytes.fill(9);
      (await readFile("sha"))?.fill(8);
      expect(await readFile("sha")).toEqual(Uint8Array.of(1, 2, 3));
    });

    test("come in pieces of at most 1 MiB, each read when it is asked for, as often as they are asked for", async () => {
      const bytes = new Uint8Array(3 << 20).fill(7);
      await opened().putCheckpointFile("sha", bytes);
      const file = await opened().getFile("sha");
      for (let time = 0; time < 2; time += 1) {
        const sizes: number[] = [];
        for await (const chunk of file!.chunks()) sizes.push(chunk.length);
        expect(sizes).toEqual([1 << 20, 1 << 20, 1 << 20]);
      }
      const chunks = file!.chunks()[Symbol.asyncIterator]();
      await chunks.next();
      await opened().dropCheckpointFile("sha");
      await expect(chunks.next()).rejects.toMatchObject({ name: "StorageError", code: "unavailable" });
    });
  });

  describe("files of checkpoints", () => {
    const bytes = new Uint8Array((2 << 20) + 5).fill(3);

    test("are there as others are, are listed, and are gone once they are dropped", async () => {
      await opened().putFile("file", bytes);
      await opened().putCheckpointFile("one", bytes);
      await opened().putCheckpointFile("two", Uint8Array.of(2));
      expect([...(await opened().checkpointFiles())].sort()).toEqual(["one", "two"]);
      expect(Buffer.compare((await readFile("one"))!, bytes)).toBe(0);
      await opened().dropCheckpointFile("one");
      await opened().dropCheckpointFile("one");
      await opened().dropCheckpointFile("none");
      expect(await opened().getFile("one")).toBeNull();
      expect(await opened().checkpointFiles()).toEqual(["two"]);
      expect(await readFile("two")).toEqual(Uint8Array.of(2));
    });

    test("stay for good where they were put as files before, or are later", async () => {
      await opened().putFile("before", bytes);
      await opened().putCheckpointFile("before", bytes);
      await opened().putCheckpointFile("later", bytes);
      await opened().putFile("later", bytes);
      expect(await opened().checkpointFiles()).toEqual([]);
      for (const sha256 of ["before", "later"]) {
        await opened().dropCheckpointFile(sha256);
        expect(Buffer.compare((await readFile(sha256))!, bytes)).toBe(0);
      }
    });

    test("stay for good once a commit has kept them, and one that is not there fails the whole commit", async () => {
      await opened().putCheckpointFile("kept", bytes);
      const commit = newJobCommit("p/a", { keptFiles: ["kept"] });
      await opened().commit([commit], null);
      expect(await opened().checkpointFiles()).toEqual([]);
      await opened().dropCheckpointFile("kept");
      expect(Buffer.compare((await readFile("kept"))!, bytes)).toBe(0);
      const again = opened().commit([jobCommit("p/a", 1, { keptFiles: ["kept"], events: ["{1}"] })], null);
      await expect(again).resolves.toBeUndefined();
      await opened().putCheckpointFile("other", bytes);
      const wrong = jobCommit("p/a", 2, { keptFiles: ["other", "none"], events: ["{2}"] });
      await expect(opened().commit([wrong], null)).rejects.toMatchObject({ code: "conflict" });
      expect(await opened().readEvents("p/a", 2)).toEqual([]);
      expect(await opened().checkpointFiles()).toEqual(["other"]);
    });

    test.each(["putFile", "putCheckpointFile"] as const)(
      "are whole when they are put by %s after a drop was called, whatever is under way",
      async (put) => {
        const calls = [opened().putCheckpointFile("sha", bytes), opened().dropCheckpointFile("sha")];
        for (let time = 0; time < 3; time += 1)
          calls.push(opened().dropCheckpointFile("sha"), opened()[put]("sha", bytes));
        await Promise.all(calls);
        expect(Buffer.compare((await readFile("sha"))!, bytes)).toBe(0);
        await opened().dropCheckpointFile("sha");
        expect((await opened().getFile("sha")) === null).toBe(put === "putCheckpointFile");
      },
    );

    test("may be put anew after they were dropped", async () => {
      await opened().putCheckpointFile("sha", bytes);
      await opened().dropCheckpointFile("sha");
      await opened().putCheckpointFile("sha", bytes);
      expect(Buffer.compare((await readFile("sha"))!, bytes)).toBe(0);
    });
  });
}
