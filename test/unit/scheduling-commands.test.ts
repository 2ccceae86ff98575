import { describe, expect, test } from "@jest/globals";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import { openBench } from "../support/scheduling-bench.ts";
import { settle } from "../support/scheduling-clock.ts";
import { sha256 } from "../support/scheduling-table.ts";
import { FakeWorker } from "../support/scheduling-worker.ts";
import { mistakesOfAsync } from "../support/spec-mistakes.ts";

const script = Buffer.from("print({})");
const command = { run: ["python3", "train.py"], files: ["train.py"], steps: 3 };

async function create(engine: Engine, jobId: string, more: object = {}, reuse: readonly string[] = []) {
  await engine.putFile(sha256(script), script);
  return engine.createJob({
    ...{ project: "default", jobId, requestId: "", validateOnly: false },
    spec: { space: "mbconv-small", evaluator: { command: { ...command, ...more } }, budget: { trials: 4 }, reuse },
    files: new Map([["train.py", sha256(script)]]),
  });
}

describe("a job whose networks a program evaluates", () => {
  test("waits for a worker that runs programs, and says so: others are not counted, and lease nothing", async () => {
    const { engine } = await openBench();
    await create(engine, "j");
    const other = new FakeWorker(engine, "w1", null, ["tabular", "train"]);
    other.want(1);
    await settle();
    expect(other.leases).toEqual([]);
    expect((await engine.getJob("default/j")).workers).toBe(0);
    const worker = new FakeWorker(engine, "w2", null, ["tabular", "command"]);
    worker.want(1);
    await settle();
    expect((await engine.getJob("default/j")).workers).toBe(1);
    expect(worker.take().evaluation).toMatchObject({
      ...{ type: "command", run: command.run, steps: 3, part: "validation" },
      files: [{ path: "train.py", sha256: sha256(script) }],
    });
    worker.leave();
    expect((await engine.getJob("default/j")).workers).toBe(0);
    await engine.stop();
  });

  test("is refused where a file of the program was not uploaded", async () => {
    const { engine } = await openBench();
    const created = create(engine, "j", { files: ["train.py", "data.py"] });
    await expect(created).rejects.toMatchObject({
      reason: "FILE_NOT_UPLOADED",
      message: expect.stringContaining("data.py"),
    });
    await engine.stop();
  });

  test.each([
    [{}, null],
    [{ memoryMiB: 64 }, null],
    [{ run: ["python3"] }, 'run ["python3","train.py"], not ["python3"]'],
    [{ env: { A: "1" } }, 'env [], not [["A","1"]]'],
    [{ steps: 4 }, "steps 3, not 4"],
    [{ files: [] }, `files [["train.py","${sha256(script)}"]], not []`],
  ])("reuses the results of another only where the program is the same: %j", async (more, difference) => {
    const { engine } = await openBench();
    await create(engine, "earlier");
    const said = await mistakesOfAsync(create(engine, "later", more, ["earlier"]));
    const words = `reuse[0]: must name a job with the same evaluator; earlier has ${difference}.`;
    expect(said).toEqual(difference === null ? [] : [words]);
    await engine.stop();
  });
});
