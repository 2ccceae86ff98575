import { describe, expect, test } from "@jest/globals";
import type { TrainEvaluation } from "../../network/evaluation.ts";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import type { Outcome } from "../../coordinator/scheduling/outcome.ts";
import type { Lease } from "../../coordinator/scheduling/worker-session.ts";
import { createMemoryStorage } from "../../coordinator/storage/memory-storage.ts";
import { openBench, startEngine } from "../support/scheduling-bench.ts";
import { FakeClock, settle } from "../support/scheduling-clock.ts";
import { ended } from "../support/scheduling-ended.ts";
import { FakeWorker, failed } from "../support/scheduling-worker.ts";

const job = "default/taught";
const teacherFile = "7".repeat(64);
const weightsOf = (trial: number) => ({ sha256: String(trial).padStart(64, "0"), sizeBytes: 4 });

async function submit(engine: Engine, final: object, files = new Map<string, string>()): Promise<void> {
  await engine.createJob({
    ...{ project: "default", jobId: "taught", files, requestId: "", validateOnly: false },
    spec: {
      space: "mbconv-small",
      algorithm: { name: "random" },
      evaluator: { train: { dataset: "fashion-mnist", steps: 5 } },
      budget: { trials: 3 },
      final: { steps: 40, random: 1, ...final },
    },
  });
}

/** A worker that trains what it gets, and brings the weights that it is to keep; `answer` may have something else come of a lease. */
class Trainer extends FakeWorker {
  readonly evaluations: TrainEvaluation[] = [];

  constructor(
    engine: Engine,
    evaluators: string[],
    answer: (evaluation: TrainEvaluation) => Outcome | null = () => null,
  ) {
    super(engine, evaluators.join("-"), null, evaluators);
    this.want(1);
    const work = async (): Promise<void> => {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.endedWith !== null) return;
        const lease = this.leases.shift();
        if (lease !== undefined) this.report(lease.key, await this.train(engine, lease, answer), 1);
      }
    };
    void work();
  }

  private async train(
    engine: Engine,
    { key, evaluation }: Lease,
    answer: (evaluation: TrainEvaluation) => Outcome | null,
  ): Promise<Outcome> {
    if (evaluation.type !== "train") throw new Error("It is evaluated otherwise.");
    this.evaluations.push(evaluation);
    const other = answer(evaluation);
    if (other !== null) return other;
    const measurement = { accuracy: 0.5 + key.trial / 100, steps: evaluation.steps, extra: {} };
    if (!evaluation.keepWeights) return { type: "measurement", measurement };
    const weights = weightsOf(key.trial);
    const receive = (use: (bytes: Uint8Array) => Promise<"stored" | "stale">) => use(Buffer.from("data"));
    await engine.putCheckpoint({ workerId: this.workerId, key, weights, receive });
    return { type: "measurement", measurement: { ...measurement, weights } };
  }
}

const finalsOf = ({ evaluations }: Trainer) => evaluations.filter(({ part }) => part === "test");

describe("a final training", () => {
  test("waits for a worker that knows all that it asks, and counts no other as one", async () => {
    const { engine } = await openBench();
    await submit(engine, {});
    const plain = new Trainer(engine, ["train"]);
    const stageOf = async () => {
      const { record, workers } = await engine.getJob(job);
      return { stage: (JSON.parse(record.progressJson) as { stage: string }).stage, workers };
    };
    while ((await stageOf()).stage !== "final") await settle();
    await settle();
    expect(plain.evaluations.map(({ part }) => part)).toEqual(["validation", "validation", "validation"]);
    expect(plain.evaluations.every(({ keepWeights }) => !keepWeights)).toBe(true);
    expect(await stageOf()).toEqual({ stage: "final", workers: 0 });
    const able = new Trainer(engine, ["train", "train.final"]);
    const result = await ended(engine, job);
    expect(finalsOf(able)).toHaveLength(2);
    expect(finalsOf(able).every(({ keepWeights }) => keepWeights)).toBe(true);
    expect(result.final).toMatchObject({ weights: weightsOf(4) });
    expect(result.comparisons).toMatchObject([{ role: "random", weights: weightsOf(5) }]);
    expect(result).not.toHaveProperty("distillation");
    await engine.stop();
  });

  test("has the largest network trained first, and its weights as the others' teacher, also after a restart between", async () => {
    const storage = createMemoryStorage();
    const clock = new FakeClock();
    const engine = await startEngine(storage, clock);
    await submit(engine, { distill: { teacher: "largest" } });
    const first = new Trainer(engine, ["train", "train.final"], ({ teacher }) =>
      teacher === undefined ? null : failed("preempted"),
    );
    while (finalsOf(first).length < 2) await settle();
    await engine.stop();
    const next = await startEngine(storage, clock);
    const second = new Trainer(next, ["train", "train.final"]);
    const result = await ended(next, job);
    expect(finalsOf(first).map(({ teacher }) => teacher)[0]).toBeUndefined();
    expect(finalsOf(second).map(({ teacher }) => teacher)).toEqual([4, 4].map((trial) => weightsOf(trial).sha256));
    expect(result.distillation).toEqual({ teacher: "largest" });
    expect(result.comparisons?.map(({ role }) => role)).toEqual(["random", "largest"]);
    expect(result.final).toMatchObject({ accuracy: 0.55, weights: weightsOf(5) });
    await next.stop();
  });

  test("goes on from labels alone where the teacher failed, and the result says why", async () => {
    const { engine } = await openBench();
    await submit(engine, { distill: { teacher: "largest" } });
    let isFirst = true;
    const trainer = new Trainer(engine, ["train", "train.final"], ({ part }) => {
      if (part !== "test" || !isFirst) return null;
      isFirst = false;
      return failed("nan_loss");
    });
    const result = await ended(engine, job);
    expect(finalsOf(trainer).map(({ teacher }) => teacher)).toEqual([undefined, undefined, undefined]);
    const failure = "the training of the largest network failed: nan_loss";
    expect(result.distillation).toEqual({ teacher: "largest", failure });
    expect(result.final).toMatchObject({ accuracy: 0.55 });
    await engine.stop();
  });

  test("has every network learn from a teacher's file, which must have been sent", async () => {
    const { engine, storage } = await openBench();
    const final = { largest: true, distill: { teacher: { file: "teacher.safetensors" } } };
    const files = new Map([["teacher.safetensors", teacherFile]]);
    await expect(submit(engine, final)).rejects.toMatchObject({ reason: "FILE_NOT_UPLOADED" });
    await storage.putFile(teacherFile, Buffer.from("data"));
    await submit(engine, final, files);
    const trainer = new Trainer(engine, ["train", "train.final"]);
    const result = await ended(engine, job);
    expect(finalsOf(trainer).map(({ teacher }) => teacher)).toEqual([teacherFile, teacherFile, teacherFile]);
    expect(result.distillation).toEqual({ teacher: "teacher.safetensors" });
    await engine.stop();
  });
});
