import { describe, expect, test } from "@jest/globals";
import { status } from "@grpc/grpc-js";
import pino from "pino";
import { NetworkError } from "../../network/errors.ts";
import type { Evaluation } from "../../network/evaluation.ts";
import { FileSource } from "../../worker/client/file-source.ts";
import type { Lease, Outcome } from "../../worker/client/lease.ts";
import { EvaluationError } from "../../worker/evaluator/evaluator.ts";
import { abortGraceMs, Runner, stopGraceMs } from "../../worker/runner.ts";
import { FakeCoordinator, FakeEvaluator, fakeLease, ManualTimers, settled } from "../support/worker-fakes.ts";

async function startRunner(coordinator = new FakeCoordinator(), kind: Evaluation["type"] = "train") {
  const timers = new ManualTimers();
  const evaluator = new FakeEvaluator(kind);
  const runner = new Runner({
    registration: { workerId: "w", host: "", backend: "", evaluators: [kind] },
    evaluators: [evaluator],
    coordinator,
    files: new FileSource(coordinator, timers, () => 0),
    timers,
    random: () => 0,
    logger: pino({ level: "silent" }),
  });
  // Awaited by the tests that expect it, some turns after it happened.
  runner.done.catch(() => undefined);
  runner.start();
  await settled();
  return { runner, coordinator, timers, evaluator };
}

const lease = fakeLease(1, "train");
const outcomesOf = (stream: FakeCoordinator["stream"]): readonly Outcome[] =>
  stream.requests.flatMap(({ outcomes }) => outcomes ?? []);

describe("the runner", () => {
  test("registers, opens a stream and asks for a lease", async () => {
    const { coordinator } = await startRunner();
    expect(coordinator.registrations).toBe(1);
    expect(coordinator.stream.requests).toEqual([{ wantLeases: 1, outcomes: [], renewals: [] }]);
  });

  test("evaluates a lease and reports its measurement together with the wish for the next", async () => {
    const { coordinator, evaluator } = await startRunner();
    await coordinator.say({ leases: [lease] });
    await evaluator.finish(0.25);
    expect(coordinator.stream.requests.slice(1)).toEqual([
      {
        wantLeases: 1,
        outcomes: [
          {
            key: lease.key,
            result: { type: "measured", measurement: { accuracy: 0.25, steps: 0, extra: {} } },
            busySeconds: 0,
          },
        ],
      },
    ]);
  });

  test("renews its leases at the interval that Register told, and sends no heartbeat without a lease", async () => {
    const { coordinator, timers } = await startRunner();
    await timers.pass(5_000);
    expect(coordinator.stream.requests).toHaveLength(1);
    await coordinator.say({ leases: [lease] });
    await timers.pass(3_000);
    expect(coordinator.stream.requests.slice(1)).toEqual(Array.from({ length: 3 }, () => ({ renewals: [lease.key] })));
  });

  test.each<[string, unknown, string, string]>([
    ["an error with a reason", new EvaluationError("nan_loss", "loss became NaN"), "nan_loss", "loss became NaN"],
    ["any other error", new TypeError("x is not\n  a function"), "internal", "x is not a function"],
    ["something that is no error", "just text", "internal", "just text"],
    [
      "an operation that it cannot build",
      new NetworkError("unknown_operation", [{ path: "graph.layers[0]", message: "is unknown" }]),
      "unknown_operation",
      "graph.layers[0]: is unknown",
    ],
    ["a long message", new Error("x".repeat(5_000)), "internal", "x".repeat(2_000)],
  ])("reports %s as a failure in one line, and takes the next lease", async (_, error, reason, detail) => {
    const { coordinator, evaluator } = await startRunner();
    await coordinator.say({ leases: [lease] });
    await evaluator.fail(error);
    expect(outcomesOf(coordinator.stream)).toMatchObject([
      { key: lease.key, result: { type: "failed", reason, detail } },
    ]);
    await coordinator.say({ leases: [fakeLease(2, "train")] });
    expect(evaluator.calls).toHaveLength(2);
  });

  test("fails a lease of an evaluator that it does not have", async () => {
    const { coordinator } = await startRunner();
    await coordinator.say({ leases: [fakeLease(1, "tabular")] });
    expect(outcomesOf(coordinator.stream)).toMatchObject([{ result: { type: "failed", reason: "internal" } }]);
  });

  test("aborts a revoked evaluation, reports nothing of it, and asks for another lease when it has ended", async () => {
    const { coordinator, evaluator } = await startRunner();
    await coordinator.say({ leases: [lease] });
    await coordinator.say({ revoked: [lease.key] });
    expect(evaluator.signal.aborted).toBe(true);
    expect(coordinator.stream.requests).toHaveLength(1);
    await evaluator.fail(new Error("aborted"));
    expect(coordinator.stream.requests.slice(1)).toEqual([{ wantLeases: 1, outcomes: [] }]);
  });

  test("goes on evaluating while the stream is broken and reports on the next one", async () => {
    const { coordinator, timers, evaluator } = await startRunner();
    await coordinator.say({ leases: [lease] });
    await coordinator.breakStream();
    expect(evaluator.signal.aborted).toBe(false);
    await timers.pass(60_000);
    expect(coordinator.streams).toHaveLength(2);
    expect(coordinator.stream.requests[0]?.renewals).toEqual([lease.key]);
    await evaluator.finish();
    expect(outcomesOf(coordinator.stream)).toHaveLength(1);
  });

  test("reports on the next stream what ended while there was none, however long that took", async () => {
    const { coordinator, timers, evaluator } = await startRunner();
    await coordinator.say({ leases: [lease] });
    coordinator.failure = Object.assign(new Error("away"), { code: status.UNAVAILABLE });
    await coordinator.breakStream();
    await timers.pass(10 * coordinator.settings.leaseTtlMs);
    await evaluator.finish();
    coordinator.failure = undefined;
    await timers.pass(5_000);
    expect(coordinator.stream.requests[0]).toMatchObject({
      wantLeases: 1,
      outcomes: [{ key: lease.key }],
      renewals: [],
    });
  });

  test("tries again with waits that double up to five seconds, each stream after a new Register", async () => {
    const coordinator = new FakeCoordinator();
    coordinator.failure = Object.assign(new Error("away"), { code: status.UNAVAILABLE });
    const { timers } = await startRunner(coordinator);
    const waits: number[] = [];
    for (let atMs = timers.nowMs, seen = 1; waits.length < 7;) {
      await timers.pass(100);
      if (coordinator.registrations === seen) continue;
      seen = coordinator.registrations;
      waits.push(timers.nowMs - atMs);
      atMs = timers.nowMs;
    }
    expect(waits).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  });

  test("a stream that breaks at once does not shorten the waits, one that carried something does", async () => {
    const { coordinator, timers } = await startRunner();
    await coordinator.breakStream();
    await timers.pass(200);
    await coordinator.breakStream();
    await timers.pass(399);
    expect(coordinator.streams).toHaveLength(2);
    await timers.pass(1);
    expect(coordinator.streams).toHaveLength(3);
    await coordinator.say({ leases: [lease] });
    await coordinator.breakStream();
    await timers.pass(200);
    expect(coordinator.streams).toHaveLength(4);
  });

  test.each([status.INVALID_ARGUMENT, status.UNIMPLEMENTED, status.PERMISSION_DENIED, status.UNAUTHENTICATED])(
    "cannot go on where Register is refused with status %s, and leaves nothing behind",
    async (code) => {
      const coordinator = new FakeCoordinator();
      coordinator.failure = Object.assign(new Error("no"), { code });
      const { runner, timers } = await startRunner(coordinator);
      await expect(runner.done).rejects.toThrow("no");
      expect(coordinator.isClosed).toBe(true);
      expect(timers.pending).toBe(0);
      await runner.stop();
    },
  );

  test("cannot go on where an evaluator does not end after its lease was revoked", async () => {
    const { runner, coordinator, timers } = await startRunner();
    await coordinator.say({ leases: [lease] });
    await coordinator.say({ revoked: [lease.key] });
    await timers.pass(abortGraceMs);
    await expect(runner.done).rejects.toThrow(/told to end/);
    expect(coordinator.isClosed).toBe(true);
    expect(timers.pending).toBe(0);
  });

  test("that cannot go on starts nothing of what still waits", async () => {
    const { runner, coordinator, timers, evaluator } = await startRunner(new FakeCoordinator(), "tabular");
    await coordinator.say({ leases: [fakeLease(1), fakeLease(2)] });
    await coordinator.say({ revoked: [fakeLease(1).key] });
    await timers.pass(abortGraceMs);
    await expect(runner.done).rejects.toThrow(/told to end/);
    await evaluator.finish();
    expect(evaluator.calls).toHaveLength(1);
    expect(outcomesOf(coordinator.stream)).toMatchObject([
      { key: fakeLease(2).key, result: { type: "failed", reason: "preempted" } },
    ]);
  });

  describe("with a time limit", () => {
    const limited = { ...lease, evaluation: { ...lease.evaluation, timeLimitMs: 10_000 } };

    test("reports an evaluation that runs past it as timed out at once, aborts it, and goes on when it has ended", async () => {
      const { coordinator, timers, evaluator } = await startRunner();
      await coordinator.say({ leases: [limited] });
      await timers.pass(9_999);
      expect(outcomesOf(coordinator.stream)).toEqual([]);
      expect(evaluator.signal.aborted).toBe(false);
      await timers.pass(1);
      const detail = "the evaluation took longer than 10 s";
      const result = { type: "failed", reason: "timed_out", detail };
      expect(outcomesOf(coordinator.stream)).toMatchObject([{ key: lease.key, result }]);
      expect(evaluator.signal.aborted).toBe(true);
      const before = coordinator.stream.requests.length;
      await timers.pass(2_000);
      expect(coordinator.stream.requests).toHaveLength(before);
      await evaluator.fail(new Error("aborted"));
      expect(coordinator.stream.requests.at(-1)).toEqual({ wantLeases: 1, outcomes: [] });
      expect(outcomesOf(coordinator.stream)).toHaveLength(1);
    });

    test("cannot go on where the evaluator does not end, though it has reported", async () => {
      const { runner, coordinator, timers } = await startRunner();
      await coordinator.say({ leases: [limited] });
      await timers.pass(10_000 + abortGraceMs);
      await expect(runner.done).rejects.toThrow(/told to end/);
      expect(outcomesOf(coordinator.stream)).toMatchObject([{ result: { reason: "timed_out" } }]);
      expect(timers.pending).toBe(0);
    });

    test("says nothing of it where the evaluation has ended, was revoked, or is given back before", async () => {
      for (const before of ["ended", "revoked", "stopped"] as const) {
        const { runner, coordinator, timers, evaluator } = await startRunner();
        await coordinator.say({ leases: [limited] });
        if (before === "ended") await evaluator.finish();
        if (before === "revoked") await coordinator.say({ revoked: [lease.key] });
        const stopped = before === "stopped" ? runner.stop() : null;
        await timers.pass(11_000);
        const reasons = outcomesOf(coordinator.stream).map(({ result }) => result.type === "failed" && result.reason);
        expect(reasons).not.toContain("timed_out");
        await stopped;
        await evaluator.fail(new Error("aborted"));
        const ended = runner.stop();
        // Nobody acknowledges what it owes.
        await timers.pass(stopGraceMs);
        await ended;
        expect(timers.pending).toBe(0);
      }
    });
  });

  describe("with an evaluation that has computed and sends", () => {
    const [first, second, third] = [1, 2, 3].map((trial) => fakeLease(trial, "supernet")) as [Lease, Lease, Lease];
    const sending = async (...leases: Lease[]) => {
      const bench = await startRunner(new FakeCoordinator(), "supernet");
      await bench.coordinator.say({ leases: [first, ...leases] });
      bench.evaluator.calls[0]!.context.computed();
      await settled();
      return bench;
    };
    const measurement = { accuracy: 0.5, steps: 0, extra: {} };

    test("begins the next one beside it, renews both, and reports each as it ends", async () => {
      const { coordinator, evaluator, timers } = await sending(second);
      expect(evaluator.calls).toHaveLength(2);
      await timers.pass(1_000);
      expect(coordinator.stream.requests.at(-1)).toEqual({ renewals: [first.key, second.key] });
      evaluator.calls[1]!.resolve(measurement);
      await settled();
      evaluator.calls[0]!.resolve(measurement);
      await settled();
      expect(outcomesOf(coordinator.stream).map(({ key }) => key)).toEqual([second.key, first.key]);
    });

    test("lets no more than one send: another that has computed waits for it in its place", async () => {
      const { evaluator } = await sending(second, third);
      evaluator.calls[1]!.context.computed();
      await settled();
      expect(evaluator.calls).toHaveLength(2);
      evaluator.calls[0]!.resolve(measurement);
      await settled();
      expect(evaluator.calls).toHaveLength(3);
    });

    test("counts as busy neither waiting nor sending", async () => {
      const { coordinator, evaluator, timers } = await startRunner(new FakeCoordinator(), "supernet");
      await coordinator.say({ leases: [first] });
      await timers.pass(50);
      let come: () => void = () => undefined;
      void evaluator.calls[0]!.context.wait(new Promise<void>((resolve) => (come = resolve)));
      await timers.pass(300);
      come();
      await settled();
      await timers.pass(150);
      evaluator.calls[0]!.context.computed();
      await timers.pass(400);
      await evaluator.finish();
      expect(outcomesOf(coordinator.stream)[0]?.busySeconds).toBeCloseTo(0.2, 12);
    });

    test("drops the one of the two that is revoked, and gives both back when it stops", async () => {
      const { coordinator, evaluator } = await sending(second);
      await coordinator.say({ revoked: [first.key] });
      expect(evaluator.calls.map(({ context }) => context.signal.aborted)).toEqual([true, false]);
      const stopping = await sending(second);
      const stopped = stopping.runner.stop();
      await settled();
      const told = outcomesOf(stopping.coordinator.stream);
      expect(told.map(({ key }) => key)).toEqual([first.key, second.key]);
      expect(told).toMatchObject([{ result: { reason: "preempted" } }, { result: { reason: "preempted" } }]);
      for (const call of stopping.evaluator.calls) call.reject(new Error("aborted"));
      await stopping.coordinator.say({ acks: told.map(({ key }) => ({ key, verdict: "accepted" as const })) });
      await stopped;
    });
  });

  describe("with a lease that waits", () => {
    const [first, second] = [fakeLease(1, "supernet"), fakeLease(2, "supernet")];

    test("has it prepared once, and evaluates it with what was prepared", async () => {
      const { coordinator, evaluator } = await startRunner(new FakeCoordinator(), "supernet");
      await coordinator.say({ leases: [first] });
      expect(evaluator.prepared).toEqual([]);
      await coordinator.say({ leases: [second] });
      await coordinator.say({});
      expect(evaluator.prepared.map(({ trial }) => trial)).toEqual([second.key.trial]);
      await evaluator.finish();
      expect(evaluator.calls).toHaveLength(2);
      expect(evaluator.calls[1]?.context).toBe(evaluator.prepared[0]);
      await coordinator.say({ revoked: [second.key] });
      expect(evaluator.signal.aborted).toBe(true);
    });

    test("ends what was prepared where it is revoked, and goes on with the one under way", async () => {
      const { coordinator, evaluator } = await startRunner(new FakeCoordinator(), "supernet");
      await coordinator.say({ leases: [first, second] });
      await coordinator.say({ revoked: [second.key] });
      expect(evaluator.prepared[0]?.signal.aborted).toBe(true);
      expect(evaluator.signal.aborted).toBe(false);
    });

    test("ends what was prepared where it stops", async () => {
      const { coordinator, evaluator, runner, timers } = await startRunner(new FakeCoordinator(), "supernet");
      await coordinator.say({ leases: [first, second] });
      const stopped = runner.stop();
      expect(evaluator.prepared[0]?.signal.aborted).toBe(true);
      await evaluator.fail(new Error("aborted"));
      await timers.pass(stopGraceMs);
      await stopped;
      expect(timers.pending).toBe(0);
    });
  });

  describe("told to stop", () => {
    test("gives its trial back at once, waits for the answer, closes the stream, and leaves nothing behind", async () => {
      const { runner, coordinator, timers, evaluator } = await startRunner();
      await coordinator.say({ leases: [lease] });
      const stopped = runner.stop();
      expect(evaluator.signal.aborted).toBe(true);
      expect(outcomesOf(coordinator.stream)).toMatchObject([{ key: lease.key, result: { reason: "preempted" } }]);
      await evaluator.fail(new Error("aborted"));
      expect(coordinator.stream.state).toBe("open");
      await coordinator.say({ acks: [{ key: lease.key, verdict: "accepted" }] });
      await stopped;
      await runner.done;
      expect(coordinator.stream.state).toBe("ended");
      expect(coordinator.isClosed).toBe(true);
      expect(timers.pending).toBe(0);
      expect(outcomesOf(coordinator.stream)).toHaveLength(1);
    });

    test("does not wait for longer than a few seconds for an evaluator and a coordinator that do not answer", async () => {
      const { runner, coordinator, timers } = await startRunner();
      coordinator.isPolite = false;
      await coordinator.say({ leases: [lease] });
      const stopped = runner.stop();
      await timers.pass(stopGraceMs);
      await timers.pass(1_000);
      await stopped;
      expect(coordinator.isClosed).toBe(true);
      expect(timers.pending).toBe(0);
    });

    test("ends at once where it has nothing and where the coordinator is away", async () => {
      const { runner, coordinator, timers } = await startRunner();
      await coordinator.breakStream();
      await runner.stop();
      await runner.done;
      expect(timers.pending).toBe(0);
    });

    test("does not wait for an acknowledgement once the stream is broken", async () => {
      const { runner, coordinator, evaluator } = await startRunner();
      await coordinator.say({ leases: [lease] });
      const stopped = runner.stop();
      await evaluator.fail(new Error("aborted"));
      await coordinator.breakStream();
      await stopped;
    });

    test("gives back a lease that was on its way", async () => {
      const { runner, coordinator, evaluator } = await startRunner();
      await coordinator.say({ leases: [lease] });
      const stopped = runner.stop();
      await coordinator.say({ leases: [fakeLease(2, "train")] });
      await evaluator.fail(new Error("aborted"));
      expect(outcomesOf(coordinator.stream).map(({ key }) => key)).toEqual([lease.key, fakeLease(2).key]);
      await coordinator.say({
        acks: [
          { key: lease.key, verdict: "accepted" },
          { key: fakeLease(2).key, verdict: "accepted" },
        ],
      });
      await stopped;
    });

    test("may be told twice", async () => {
      const { runner } = await startRunner();
      expect(runner.stop()).toBe(runner.stop());
      await runner.stop();
    });
  });
});
