import { afterAll, afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import type { Leadership, Store } from "../../coordinator/storage/leadership.ts";
import { readWhole } from "../../coordinator/storage/stored-file.ts";
import { jobCommit, newJobCommit } from "./storage-rows.ts";
import type { StorageKind, TestDatabase } from "./storages.ts";

const unending = new AbortController().signal;
const deposed = { name: "StorageError", code: "deposed" };
const closed = { name: "StorageError", code: "unavailable" };

/** What every store promises of leading: one test, or more, for each sentence of the comments of `Store` and `Leadership`. */
export function describeLeadership(kind: StorageKind): void {
  describe(`leadership on ${kind.name}`, () => {
    let database: TestDatabase;
    let opened: Store[];
    /** Two stores of one database, or one store twice where it can be open only once. */
    let stores: readonly [Store, Store];

    const open = async (): Promise<Store> => {
      const store = await database.open();
      opened.push(store);
      return store;
    };

    beforeEach(async () => {
      database = await kind.create();
      opened = [];
      const store = await open();
      stores = [store, kind.shared ? await open() : store];
    });

    afterEach(async () => {
      for (const store of opened) await store.close();
      await database.remove();
    });

    afterAll(() => kind.stop());

    test("is nobody's at first, then of who leads, and nobody's again once resigned", async () => {
      const [one, other] = stores;
      expect(await other.leader()).toBeNull();
      const leadership = await one.lead("one:1", unending);
      expect(leadership).toMatchObject({ term: 1, address: "one:1" });
      expect(await one.leader()).toEqual({ term: 1, address: "one:1" });
      expect(await other.leader()).toEqual({ term: 1, address: "one:1" });
      await leadership.resign();
      expect(await other.leader()).toBeNull();
    });

    test("goes to the next one once resigned, and no earlier, in a higher term", async () => {
      const [one, other] = stores;
      const first = await one.lead("one:1", unending);
      const order: string[] = [];
      const wait = async (store: Store, name: string): Promise<Leadership> => {
        const leadership = await store.lead(`${name}:1`, unending);
        order.push(name);
        return leadership;
      };
      const second = wait(other, "other");
      await first.storage.commit([newJobCommit("p/a")], null);
      expect(order).toEqual([]);
      await first.resign();
      expect((await second).term).toBeGreaterThan(first.term);
      expect(await one.leader()).toEqual({ term: (await second).term, address: "other:1" });
      await (await second).resign();
    });

    test("once resigned lets no write or read through its storage, and answers those under way", async () => {
      const [one] = stores;
      const leadership = await one.lead("one:1", unending);
      const commit = leadership.storage.commit([newJobCommit("p/a")], null);
      await Promise.all([leadership.resign(), commit]);
      await leadership.resign();
      await expect(leadership.storage.commit([newJobCommit("p/b")], null)).rejects.toMatchObject(closed);
      await expect(leadership.storage.getJob("p/a")).rejects.toMatchObject(closed);
      expect(await one.reader.getJob("p/a")).not.toBeNull();
    });

    test("is given up waiting for when the signal aborts, with its reason, and leaves the next one its turn", async () => {
      const [one, other] = stores;
      const first = await one.lead("one:1", unending);
      const signal = new AbortController();
      const reason = new Error("no longer wanted");
      const waiting = other.lead("other:1", signal.signal);
      const patient = other.lead("other:2", unending);
      signal.abort(reason);
      await expect(waiting).rejects.toBe(reason);
      await expect(other.lead("other:1", signal.signal)).rejects.toBe(reason);
      await first.resign();
      await (await patient).resign();
    });

    test("has terms that rise over all stores and openings", async () => {
      const terms: number[] = [];
      for (let opening = 0; opening < 3; opening += 1) {
        const leadership = await opened.at(-1)!.lead("a:1", unending);
        terms.push(leadership.term);
        await leadership.resign();
        if (opening === 1) for (const store of opened) await store.close();
        if (opening === 1) await open();
      }
      expect(terms).toEqual([1, 2, 3]);
    });

    test("reads of followers see what the leader committed, and nothing else", async () => {
      const [one, other] = stores;
      const { storage } = await one.lead("one:1", unending);
      expect(await other.reader.openJobs()).toEqual([]);
      await storage.commit([newJobCommit("p/a")], null);
      expect((await other.reader.openJobs()).map(({ key }) => key)).toEqual(["p/a"]);
      await storage.putFile("sha", Uint8Array.of(1));
      expect(await readWhole(await other.reader.getFile("sha"))).toEqual(Uint8Array.of(1));
    });

    test("ends with the store: what is led is resigned, who waits is told, later calls are refused", async () => {
      const [one, other] = stores;
      const leadership = await one.lead("one:1", unending);
      const waiting = expect(other.lead("other:1", unending)).rejects.toMatchObject(closed);
      await other.close();
      await waiting;
      await other.close();
      await expect(other.lead("other:1", unending)).rejects.toMatchObject(closed);
      await expect(other.leader()).rejects.toMatchObject(closed);
      await expect(other.reader.openJobs()).rejects.toMatchObject(closed);
      if (other !== one) {
        await leadership.storage.commit([newJobCommit("p/a")], null);
        await one.close();
      }
      await expect(leadership.storage.commit([newJobCommit("p/b")], null)).rejects.toMatchObject(closed);
      await expect((await open()).leader()).resolves.toBeNull();
    });

    if (!kind.shared) return;

    test("of one that no longer answers goes to the next, is told as lost, and writes nothing more", async () => {
      const [one, other] = stores;
      const old = await one.lead("one:1", unending);
      await old.storage.commit([newJobCommit("p/a")], null);
      const waiting = other.lead("other:1", unending);
      await database.silenceLeader!();
      const next = await waiting;
      expect(next.term).toBeGreaterThan(old.term);
      expect(await old.lost).toBeInstanceOf(Error);

      const late = [
        old.storage.commit([jobCommit("p/a", 1, { events: ["{late}"] })], null),
        old.storage.commit([newJobCommit("p/late")], null),
        old.storage.putFile("late", Uint8Array.of(1)),
        old.storage.putCheckpointFile("late", Uint8Array.of(1)),
        old.storage.dropCheckpointFile("sha"),
        old.storage.forgetRequests(2 ** 52, 9),
        old.storage.putCheckpointFile("late", Uint8Array.of(1)),
        old.storage.dropCheckpointFile("late"),
      ];
      await Promise.all(late.map((write) => expect(write).rejects.toMatchObject(deposed)));
      expect(await next.storage.readEvents("p/a", 1)).toEqual([]);
      expect(await next.storage.getJob("p/late")).toBeNull();
      expect(await next.storage.getFile("late")).toBeNull();

      await next.storage.commit([jobCommit("p/a", 1, { events: ["{2}"] })], null);
      await old.resign();
      expect(await one.leader()).toEqual({ term: next.term, address: "other:1" });
      await next.storage.commit([jobCommit("p/a", 2, { events: ["{3}"] })], null);
      const again = one.lead("one:2", unending);
      await next.resign();
      expect((await again).term).toBeGreaterThan(next.term);
    });
  });
}
