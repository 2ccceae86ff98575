import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import pino from "pino";
import type { TakenCheckpoint } from "../../worker/checkpoint/checkpoints.ts";
import { checkpointIntervalMs, lastCheckpointMs, TrialCheckpoints } from "../../worker/checkpoint/trial-checkpoints.ts";
import { FileSource } from "../../worker/client/file-source.ts";
import type { CheckpointRef } from "../../worker/client/lease.ts";
import { Runner } from "../../worker/runner.ts";
import { FakeCoordinator, FakeEvaluator, fakeLease, ManualTimers, settled } from "../support/worker-fakes.ts";

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The checkpoints of an evaluation whose step the test sets. */
function watch(checkpoint: CheckpointRef | null = null) {
  const coordinator = new FakeCoordinator();
  const timers = new ManualTimers();
  const lines: { readonly level: number; readonly msg: string }[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line) as never) });
  const files = new FileSource(coordinator, timers, () => 0);
  const evaluation = new AbortController();
  const lease = { ...fakeLease(1, "train"), checkpoint };
  const ports = { workerId: "w", coordinator, files, timers, logger };
  const checkpoints = new TrialCheckpoints(lease, ports, evaluation.signal);
  const state = { step: 1, taken: 0 };
  const take = (): Promise<TakenCheckpoint> => {
    state.taken += 1;
    return Promise.resolve({ step: state.step, bytes: Buffer.from(`at ${state.step}`) });
  };
  const steps = () => coordinator.uploads.map(({ header }) => ("checkpoint" in header ? header.checkpoint.step : null));
  const warnings = () => lines.filter(({ level }) => level >= 40).map(({ msg }) => msg);
  return { coordinator, timers, evaluation, lease, checkpoints, state, take, steps, warnings };
}

const read = (bytes: Uint8Array) => ({ step: Number(Buffer.from(bytes).toString().slice(3)) });

describe("the checkpoints of an evaluation", () => {
  test("are taken half a minute after it offers them and after each one that was stored, and sent with all that names them", async () => {
    const { coordinator, timers, lease, checkpoints, state, take, steps } = watch();
    checkpoints.offer(take);
    await timers.pass(checkpointIntervalMs - 1);
    expect(steps()).toEqual([]);
    await timers.pass(1);
    const bytes = Buffer.from("at 1");
    expect(coordinator.uploads[0]).toMatchObject({
      header: {
        workerId: "w",
        key: lease.key,
        checkpoint: { step: 1, sha256: hashOf(bytes), sizeBytes: bytes.length },
      },
      bytes,
    });
    state.step = 2;
    await timers.pass(10 * checkpointIntervalMs);
    expect(steps()).toEqual([1]);
    await coordinator.uploads[0]!.answer("stored");
    await timers.pass(checkpointIntervalMs);
    expect(steps()).toEqual([1, 2]);
  });

  test("go on after one that failed, was stale, or could not be taken, with a line in the log", async () => {
    const { coordinator, timers, checkpoints, state, take, steps, warnings } = watch();
    let fails = false;
    checkpoints.offer(() => (fails ? Promise.reject(new Error("no memory")) : take()));
    await timers.pass(checkpointIntervalMs);
    await coordinator.uploads[0]!.fail(new Error("gone"));
    await timers.pass(checkpointIntervalMs);
    await coordinator.uploads[1]!.answer("stale");
    fails = true;
    await timers.pass(checkpointIntervalMs);
    fails = false;
    state.step = 4;
    await timers.pass(checkpointIntervalMs);
    expect(steps()).toEqual([1, 1, 4]);
    expect(warnings()).toHaveLength(2);
  });

  test("are not sent where nothing has been done since the last one", async () => {
    const { coordinator, timers, checkpoints, state, take, steps } = watch();
    state.step = 0;
    checkpoints.offer(take);
    await timers.pass(checkpointIntervalMs);
    state.step = 3;
    await timers.pass(checkpointIntervalMs);
    await coordinator.uploads[0]!.answer("stored");
    await timers.pass(2 * checkpointIntervalMs);
    expect([steps(), state.taken]).toEqual([[3], 4]);
  });

  test("are no longer taken once withdrawn, ended or aborted, and no timer stays; what was under way is given up", async () => {
    for (const stop of ["withdraw", "end", "abort"] as const) {
      const { coordinator, timers, evaluation, checkpoints, take, warnings } = watch();
      const withdraw = checkpoints.offer(take);
      await timers.pass(checkpointIntervalMs);
      if (stop === "abort") evaluation.abort();
      else withdraw();
      if (stop === "end") expect(checkpoints.end()).toBeNull();
      await settled();
      expect(coordinator.uploads[0]!.signal.aborted).toBe(stop !== "withdraw");
      if (stop === "withdraw") await coordinator.uploads[0]!.answer("stored");
      expect(timers.pending).toBe(0);
      expect(warnings()).toEqual([]);
    }
  });

  describe("left by an earlier attempt", () => {
    const bytes = Buffer.from("at 7");
    const left = { sha256: hashOf(bytes), step: 7, sizeBytes: bytes.length };

    test("are read from the coordinator's file, and not sent back", async () => {
      const { coordinator, timers, checkpoints, state, take, steps } = watch(left);
      coordinator.fetchFile = (sha256) => Promise.resolve(sha256 === left.sha256 ? bytes : Buffer.alloc(0));
      expect(await checkpoints.resume(read)).toEqual({ step: 7 });
      state.step = 7;
      checkpoints.offer(take);
      await timers.pass(checkpointIntervalMs);
      expect(steps()).toEqual([]);
    });

    test("are none where there was none", async () => {
      expect(await watch().checkpoints.resume(read)).toBeNull();
    });

    test("are let be, with a line in the log, where they cannot be had, are damaged or do not fit", async () => {
      const refuse = () => {
        throw new Error("its step must be from 1 to 5");
      };
      const cases = [
        { fetch: () => Promise.reject(new Error("nobody has it")), use: read },
        { fetch: () => Promise.resolve(Buffer.from("damaged")), use: read },
        { fetch: () => Promise.resolve(bytes), use: refuse },
      ];
      for (const { fetch, use } of cases) {
        const { coordinator, checkpoints, warnings } = watch(left);
        coordinator.fetchFile = fetch;
        expect(await checkpoints.resume(use)).toBeNull();
        expect(warnings()).toEqual(["the checkpoint cannot be used, beginning anew"]);
      }
    });

    test("are not waited for once the evaluation is aborted", async () => {
      const { coordinator, evaluation, checkpoints } = watch(left);
      coordinator.fetchFile = () => Promise.reject(new Error("aborted"));
      evaluation.abort(new Error("lease lost"));
      await expect(checkpoints.resume(read)).rejects.toThrow("lease lost");
    });
  });

  describe("of a worker that stops", () => {
    test("are none where the evaluation offers none", () => {
      const { checkpoints, take } = watch();
      expect(checkpoints.saveLast(() => undefined)).toBeNull();
      checkpoints.offer(take)();
      expect(checkpoints.saveLast(() => undefined)).toBeNull();
      expect(checkpoints.end()).toBeNull();
    });

    test("end with one more, after the one under way; the evaluation is told when it is no longer needed", async () => {
      const { coordinator, timers, evaluation, checkpoints, state, take, steps } = watch();
      checkpoints.offer(take);
      await timers.pass(checkpointIntervalMs);
      state.step = 5;
      const last = checkpoints.saveLast(() => evaluation.abort());
      await settled();
      expect([steps(), evaluation.signal.aborted]).toEqual([[1], false]);
      await coordinator.uploads[0]!.answer("stored");
      expect([steps(), evaluation.signal.aborted]).toEqual([[1, 5], true]);
      let hasEnded = false;
      const ended = checkpoints.end()!.then(() => (hasEnded = true));
      await settled();
      expect(hasEnded).toBe(false);
      await coordinator.uploads[1]!.answer("stored");
      await Promise.all([last, ended]);
      expect(timers.pending).toBe(0);
    });

    test("are given up after a few seconds, or at once where the evaluation ends by itself", async () => {
      const late = watch();
      late.checkpoints.offer(late.take);
      const last = late.checkpoints.saveLast(() => late.evaluation.abort());
      await late.timers.pass(lastCheckpointMs);
      await last;
      expect(late.warnings()).toEqual(["no last checkpoint could be stored in time"]);

      const quick = watch();
      quick.checkpoints.offer(() => new Promise(() => undefined));
      const given = quick.checkpoints.saveLast(() => quick.evaluation.abort());
      expect(quick.checkpoints.end()).toBeNull();
      await given;
      expect(quick.warnings()).toEqual([]);
    });
  });
});

describe("a runner that is told to stop", () => {
  /** A runner in the midst of an evaluation that has checkpoints taken. */
  async function midway() {
    const coordinator = new FakeCoordinator();
    const timers = new ManualTimers();
    const evaluator = new FakeEvaluator("train");
    const runner = new Runner({
      registration: { workerId: "w", host: "", backend: "", evaluators: ["train"] },
      evaluators: [evaluator],
      coordinator,
      files: new FileSource(coordinator, timers, () => 0),
      timers,
      random: () => 0,
      logger: pino({ level: "silent" }),
    });
    runner.start();
    await settled();
    const lease = fakeLease(1, "train");
    await coordinator.say({ leases: [lease] });
    evaluator.calls[0]!.context.checkpoints.offer(() => Promise.resolve({ step: 9, bytes: Buffer.from("nine") }));
    evaluator.signal.addEventListener("abort", () => void evaluator.fail(new Error("aborted")));
    const outcomes = () => coordinator.stream.requests.flatMap((request) => request.outcomes ?? []);
    const acknowledge = () => coordinator.say({ acks: [{ key: lease.key, verdict: "accepted" }] });
    return { coordinator, timers, evaluator, runner, lease, outcomes, acknowledge };
  }

  test("cuts the evaluation short, and gives the lease back only when its last checkpoint is stored", async () => {
    const { coordinator, timers, evaluator, runner, lease, outcomes, acknowledge } = await midway();
    const stopped = runner.stop();
    await settled();
    expect(coordinator.uploads[0]!.header).toMatchObject({ key: lease.key, checkpoint: { step: 9 } });
    expect([evaluator.signal.aborted, outcomes()]).toEqual([true, []]);
    await timers.pass(1_000);
    expect(coordinator.stream.requests.at(-1)).toEqual({ renewals: [lease.key] });
    await coordinator.uploads[0]!.answer("stored");
    expect(outcomes()).toMatchObject([{ key: lease.key, result: { reason: "preempted" } }]);
    await acknowledge();
    await stopped;
    expect(timers.pending).toBe(0);
  });

  test.each(["refused", "late"] as const)(
    "gives the lease back all the same where the checkpoint is %s",
    async (how) => {
      const { coordinator, timers, runner, lease, outcomes, acknowledge } = await midway();
      const stopped = runner.stop();
      await settled();
      if (how === "refused") await coordinator.uploads[0]!.fail(new Error("no room"));
      else await timers.pass(lastCheckpointMs);
      expect(outcomes()).toMatchObject([{ key: lease.key, result: { reason: "preempted" } }]);
      await acknowledge();
      await stopped;
      expect(timers.pending).toBe(0);
    },
  );

  test("reports a measurement that comes before the last checkpoint is taken", async () => {
    const { coordinator, evaluator, runner, outcomes, acknowledge } = await midway();
    evaluator.calls[0]!.context.checkpoints.offer(() => new Promise(() => undefined));
    const stopped = runner.stop();
    await settled();
    await evaluator.finish(0.75);
    expect(outcomes()).toMatchObject([{ result: { type: "measured", measurement: { accuracy: 0.75 } } }]);
    expect(coordinator.uploads).toEqual([]);
    await acknowledge();
    await stopped;
  });
});
