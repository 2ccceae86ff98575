import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Lease } from "../../worker/client/lease.ts";
import { LeaseBook, leasesHeld } from "../../worker/runner-leases.ts";
import { fakeLease } from "../support/worker-fakes.ts";

/** A coordinator that keeps to its credit, and a network that may break at any time, in the smallest form. */
interface World {
  credit: number;
  /** Leased and not yet answered. */
  readonly open: Map<string, Lease>;
  readonly answered: Map<string, number>;
  trials: number;
}

const step = fc.oneof(
  fc.record({ type: fc.constant("lease" as const), kind: fc.constantFrom("tabular" as const, "train" as const) }),
  fc.record({ type: fc.constantFrom("start" as const, "settle" as const, "send" as const, "break" as const) }),
  fc.record({ type: fc.constantFrom("revoke" as const, "acknowledge" as const), which: fc.nat() }),
);

test("whatever happens, in any order, no lease is forgotten, answered after its revocation, or asked for beyond the capacity", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const book = new LeaseBook(["tabular", "train"]);
      const world: World = {
        credit: book.firstRequest().wantLeases ?? 0,
        open: new Map(),
        answered: new Map(),
        trials: 0,
      };
      const revoked = new Set<string>();
      const hear = (request: ReturnType<LeaseBook["nextRequest"]>): void => {
        world.credit += request?.wantLeases ?? 0;
        for (const { key } of request?.outcomes ?? []) {
          expect(revoked.has(key.trial)).toBe(false);
          world.open.delete(key.trial);
          world.answered.set(key.trial, key.leaseToken);
        }
      };
      for (const action of steps) {
        switch (action.type) {
          case "lease":
            if (world.credit === 0) break;
            world.credit -= 1;
            world.trials += 1;
            world.open.set(fakeLease(world.trials).key.trial, fakeLease(world.trials, action.kind));
            book.receive(fakeLease(world.trials, action.kind));
            break;
          case "start":
            book.start();
            break;
          case "settle":
            if (book.isOccupied) book.settle({ type: "measured", measurement: { accuracy: 1, steps: 0, extra: {} } });
            break;
          case "send":
            hear(book.nextRequest());
            break;
          case "break":
            world.credit = 0;
            hear(book.firstRequest());
            break;
          case "revoke": {
            const keys = [...world.open.values()].map(({ key }) => key);
            const key = keys[action.which % Math.max(1, keys.length)];
            if (key === undefined) break;
            revoked.add(key.trial);
            world.open.delete(key.trial);
            book.revoke(key);
            break;
          }
          case "acknowledge": {
            const keys = [...world.answered.keys()];
            const trial = keys[action.which % Math.max(1, keys.length)];
            if (trial !== undefined) book.acknowledge({ trial, leaseToken: 1 });
            break;
          }
        }
        expect(world.credit + book.held.length).toBeLessThanOrEqual(leasesHeld.tabular);
      }
      // Left alone, the worker answers all that is open.
      while (book.isOccupied || book.start() !== null) {
        book.settle({ type: "measured", measurement: { accuracy: 1, steps: 0, extra: {} } });
      }
      hear(book.nextRequest());
      expect([...world.open.keys()]).toEqual([]);
      expect(book.held).toEqual([]);
    }),
  );
});
