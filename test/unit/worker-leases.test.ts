import { describe, expect, test } from "@jest/globals";
import type { Result } from "../../worker/client/lease.ts";
import { LeaseBook, leasesHeld } from "../../worker/runner-leases.ts";
import { fakeLease } from "../support/worker-fakes.ts";

const measured: Result = { type: "measured", measurement: { accuracy: 0.5, steps: 0, extra: {} } };

describe("the leases of a worker", () => {
  test("a worker of look-ups asks for many at once, one that may have to train for one", () => {
    expect(new LeaseBook(["tabular"]).firstRequest().wantLeases).toBe(leasesHeld.tabular);
    expect(new LeaseBook(["tabular", "train"]).firstRequest().wantLeases).toBe(1);
    expect(new LeaseBook(["train"]).firstRequest().wantLeases).toBe(1);
  });

  test("what was asked for is not asked for again until it came", () => {
    const book = new LeaseBook(["tabular"]);
    book.firstRequest();
    expect(book.nextRequest()).toBeNull();
    book.receive(fakeLease(1));
    expect(book.nextRequest()).toBeNull();
    book.start();
    book.settle(measured);
    expect(book.nextRequest()?.wantLeases).toBe(1);
  });

  test("a worker that trains asks for the next lease with the outcome of the last, not before", () => {
    const book = new LeaseBook(["train"]);
    book.firstRequest();
    book.receive(fakeLease(1, "train"));
    book.start();
    expect(book.nextRequest()).toBeNull();
    book.settle(measured);
    expect(book.nextRequest()).toEqual({
      wantLeases: 1,
      outcomes: [{ key: fakeLease(1).key, result: measured }],
    });
  });

  test("the first look-up lets a worker of both kinds ask for many, the first training for one again", () => {
    const book = new LeaseBook(["tabular", "train"]);
    book.firstRequest();
    book.receive(fakeLease(1));
    expect(book.nextRequest()?.wantLeases).toBe(leasesHeld.tabular - 1);
    book.start();
    book.settle(measured);
    book.receive(fakeLease(2, "train"));
    expect(book.nextRequest()?.wantLeases).toBe(0);
  });

  test("trainings that come on credit asked for look-ups are given back at once", () => {
    const book = new LeaseBook(["tabular", "train"]);
    book.firstRequest();
    book.receive(fakeLease(1));
    book.nextRequest();
    book.receive(fakeLease(2, "train"));
    expect(book.nextRequest()?.outcomes).toMatchObject([
      { key: fakeLease(2).key, result: { type: "failed", reason: "preempted" } },
    ]);
    expect(book.held).toEqual([fakeLease(1).key]);
  });

  test("leases run in the order in which they came, one at a time", () => {
    const book = new LeaseBook(["tabular"]);
    book.receive(fakeLease(2));
    book.receive(fakeLease(1));
    expect(book.start()).toEqual(fakeLease(2));
    expect(book.start()).toBeNull();
    book.settle(measured);
    expect(book.start()).toEqual(fakeLease(1));
  });

  test("a lease that comes twice counts once, also after it ended", () => {
    const book = new LeaseBook(["tabular"]);
    book.receive(fakeLease(1));
    book.receive(fakeLease(1));
    book.start();
    book.receive(fakeLease(1));
    book.settle(measured);
    book.receive(fakeLease(1));
    expect(book.start()).toBeNull();
    expect(book.nextRequest()?.outcomes).toHaveLength(1);
  });

  test("a new stream is told everything: leases held, outcomes not acknowledged, and the credit", () => {
    const book = new LeaseBook(["tabular"]);
    for (const trial of [1, 2, 3, 4]) book.receive(fakeLease(trial));
    book.start();
    book.settle(measured);
    book.start();
    book.settle(measured);
    book.start();
    book.nextRequest();
    book.acknowledge(fakeLease(1).key);
    expect(book.firstRequest()).toEqual({
      wantLeases: leasesHeld.tabular - 2,
      outcomes: [{ key: fakeLease(2).key, result: measured }],
      renewals: [fakeLease(3).key, fakeLease(4).key],
    });
  });

  test("a new stream gets a first request even where there is nothing to say", () => {
    const book = new LeaseBook(["train"]);
    book.receive(fakeLease(1, "train"));
    book.start();
    book.revoke(fakeLease(1).key);
    expect(book.firstRequest()).toEqual({ renewals: [] });
  });

  test("an outcome is sent once a stream and owed until acknowledged", () => {
    const book = new LeaseBook(["tabular"]);
    book.receive(fakeLease(1));
    book.start();
    book.settle(measured);
    expect(book.nextRequest()?.outcomes).toHaveLength(1);
    expect(book.nextRequest()).toBeNull();
    expect(book.owesOutcomes).toBe(true);
    book.acknowledge(fakeLease(1).key);
    expect(book.owesOutcomes).toBe(false);
  });

  test("nothing is owed of a revoked lease, whether it waits, runs or has ended", () => {
    const book = new LeaseBook(["tabular"]);
    for (const trial of [1, 2, 3]) book.receive(fakeLease(trial));
    book.start();
    book.settle(measured);
    book.start();
    expect(book.revoke(fakeLease(1).key)).toBe(false);
    expect(book.revoke(fakeLease(2).key)).toBe(true);
    expect(book.revoke(fakeLease(3).key)).toBe(false);
    expect(book.revoke(fakeLease(9).key)).toBe(false);
    book.settle(measured);
    expect(book.start()).toBeNull();
    expect(book.owesOutcomes).toBe(false);
    expect(book.held).toEqual([]);
  });

  test("only the token that was revoked is dropped", () => {
    const book = new LeaseBook(["tabular"]);
    book.receive(fakeLease(1, "tabular", 2));
    book.revoke(fakeLease(1, "tabular", 1).key);
    expect(book.start()).toEqual(fakeLease(1, "tabular", 2));
  });

  test("a revoked evaluation that has not ended takes up the worker: no lease is asked for in its place", () => {
    const book = new LeaseBook(["train"]);
    book.firstRequest();
    book.receive(fakeLease(1, "train"));
    book.start();
    book.revoke(fakeLease(1).key);
    expect(book.isOccupied).toBe(true);
    expect(book.nextRequest()).toBeNull();
    book.settle(measured);
    expect(book.isOccupied).toBe(false);
    expect(book.nextRequest()).toEqual({ wantLeases: 1, outcomes: [] });
  });

  /** A worker of look-ups that was told to stop while the first of two trials runs. */
  const draining = (): LeaseBook => {
    const book = new LeaseBook(["tabular"]);
    book.receive(fakeLease(1));
    book.receive(fakeLease(2));
    book.start();
    book.drain();
    return book;
  };
  const preempted = (...trials: number[]) => ({
    wantLeases: 0,
    outcomes: trials.map((trial) => ({
      key: fakeLease(trial).key,
      result: { type: "failed", reason: "preempted", detail: "the worker is stopping" },
    })),
  });

  test("draining gives back what waits, also what comes later, and asks for nothing", () => {
    const book = draining();
    book.receive(fakeLease(3));
    expect(book.nextRequest()).toEqual(preempted(2, 3));
    expect(book.start()).toBeNull();
    expect(book.held).toEqual([fakeLease(1).key]);
  });

  test("what runs is given back when that is said, once, whatever comes of it afterwards", () => {
    const book = draining();
    book.giveBack();
    book.giveBack();
    expect(book.isOccupied).toBe(true);
    expect(book.held).toEqual([]);
    book.settle(measured);
    expect(book.nextRequest()).toEqual(preempted(2, 1));
  });

  test("what ends before it is given back counts where it was measured, and was cut short where it failed", () => {
    const [measuring, failing] = [draining(), draining()];
    measuring.settle(measured);
    failing.settle({ type: "failed", reason: "internal", detail: "aborted" });
    for (const book of [measuring, failing]) book.giveBack();
    expect(measuring.nextRequest()?.outcomes?.at(-1)).toEqual({ key: fakeLease(1).key, result: measured });
    expect(failing.nextRequest()).toEqual(preempted(2, 1));
  });

  test("a lease that could not be read is owed as it came and uses up the credit of one", () => {
    const book = new LeaseBook(["train"]);
    book.firstRequest();
    const outcome = { key: fakeLease(1).key, result: { type: "failed", reason: "internal", detail: "?" } } as const;
    book.receiveEnded(outcome);
    expect(book.nextRequest()).toEqual({ wantLeases: 1, outcomes: [outcome] });
  });
});
