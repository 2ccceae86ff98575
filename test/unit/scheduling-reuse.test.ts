import { describe, expect, test } from "@jest/globals";
import type { Engine } from "../../coordinator/scheduling/engine.ts";
import { allTrials, openBench, submit } from "../support/scheduling-bench.ts";
import { settle } from "../support/scheduling-clock.ts";
import { ended } from "../support/scheduling-ended.ts";
import { sha256, smallTable, tabularSpec } from "../support/scheduling-table.ts";
import { FakeWorker, lookUp } from "../support/scheduling-worker.ts";
import { SpecError } from "../../spec/types.ts";

// One combination of nine is not listed: some trials end infeasible.
const table = smallTable((arms) => arms[0] === 0 && arms[1] === 0);

/** What is said of a new job of this spec, which is not created. */
async function refusal(engine: Engine, spec: Record<string, unknown>, bytes = table): Promise<readonly string[]> {
  await engine.putFile(sha256(bytes), bytes);
  const files = new Map([["small.json", sha256(bytes)]]);
  const job = { project: "default", jobId: "later", spec, files, requestId: "", validateOnly: true };
  try {
    await engine.createJob(job);
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.mistakes.map(({ path, message }) => `${path}: ${message}`);
  }
}

describe("a job that reuses the results of another", () => {
  test("evaluates no network that the other has completed, and what failed there anew", async () => {
    const { engine, storage } = await openBench();
    await submit(engine, { jobId: "earlier", table, spec: { budget: { trials: 40 } } });
    new FakeWorker(engine, "w1", lookUp(table)).want(1);
    await ended(engine, "default/earlier");
    const known = new Map((await allTrials(storage, "default/earlier")).map((row) => [row.networkHash, row]));

    await submit(engine, { jobId: "later", table, spec: { seed: 8, reuse: ["earlier"], budget: { trials: 20 } } });
    const result = await ended(engine, "default/later");
    const rows = await allTrials(storage, "default/later");
    const reused = rows.filter(({ reusedFrom }) => reusedFrom !== null);
    expect(result).toMatchObject({ trials: 20, reused: reused.length, uniqueNetworks: rows.length });
    expect(reused.length).toBeGreaterThan(5);
    for (const row of rows) {
      const earlier = known.get(row.networkHash);
      if (earlier?.state === "completed") {
        expect(row).toMatchObject({
          reusedFrom: `projects/default/jobs/earlier/trials/${earlier.trial}`,
          state: "completed",
          measurementJson: earlier.measurementJson,
          leaseToken: 0,
          workerId: null,
        });
      } else {
        expect(row).toMatchObject({ reusedFrom: null, leaseToken: 1, workerId: "w1" });
      }
    }
    expect(rows.some((row) => known.get(row.networkHash)?.state === "infeasible" && row.leaseToken === 1)).toBe(true);
    await engine.stop();
  });

  test("takes what the other completes while both run, of two the one named first, and what a job has reused itself", async () => {
    const { engine, storage } = await openBench();
    for (const jobId of ["a", "b"]) await submit(engine, { jobId, table });
    new FakeWorker(engine, "w1", lookUp(table)).want(1);
    const [later] = await Promise.all([
      submit(engine, { jobId: "c", table, spec: { reuse: ["b", "a"], seed: 8 } }).then(() =>
        ended(engine, "default/c"),
      ),
      ended(engine, "default/a"),
      ended(engine, "default/b"),
    ]);
    expect(later.reused).toBeGreaterThan(0);
    const sources = (await allTrials(storage, "default/c")).flatMap(({ reusedFrom }) => reusedFrom ?? []);
    // Of equal seed, a and b have the same networks.
    expect(sources.every((name) => name.startsWith("projects/default/jobs/b/"))).toBe(true);
    await submit(engine, { jobId: "d", table, spec: { reuse: ["c"], seed: 8 } });
    await ended(engine, "default/d");
    const again = (await allTrials(storage, "default/d")).filter(({ reusedFrom }) => reusedFrom !== null);
    expect(again.length).toBeGreaterThanOrEqual(later.trials + later.reused - 10);
    await engine.stop();
  });

  test("needs no worker as long as it draws what is known", async () => {
    const { engine, storage } = await openBench();
    await submit(engine, { jobId: "earlier", table });
    const worker = new FakeWorker(engine, "w1", lookUp(table));
    worker.want(1);
    await ended(engine, "default/earlier");
    worker.leave();
    // The same seed draws the same networks; one that failed is to be evaluated.
    await submit(engine, { jobId: "later", table, spec: { reuse: ["earlier"] } });
    await settle();
    const rows = await allTrials(storage, "default/later");
    const completed = rows.filter(({ state }) => state === "completed");
    expect(completed.length).toBeGreaterThan(10);
    expect(completed.every(({ reusedFrom }) => reusedFrom !== null)).toBe(true);
    const { record } = await engine.getJob("default/later");
    expect(record.state).toBe("running");
    await engine.stop();
  });
});

test("a search through known networks alone lets the engine attend to others meanwhile", async () => {
  const { engine } = await openBench();
  const spec = { algorithm: { name: "random" }, budget: { trials: 81 } };
  const full = smallTable();
  await submit(engine, { jobId: "earlier", spec, table: full });
  new FakeWorker(engine, "w1", lookUp(full)).want(4);
  await ended(engine, "default/earlier");
  let passes = 0;
  const count = (): void => {
    passes += 1;
    ticking = setImmediate(count);
  };
  let ticking = setImmediate(count);
  await submit(engine, { jobId: "later", spec: { ...spec, seed: 8, reuse: ["earlier"] }, table: full });
  clearImmediate(ticking);
  expect(await ended(engine, "default/later")).toMatchObject({ trials: 0, reused: 81 });
  expect(passes).toBeGreaterThan(2);
  await engine.stop();
});

describe("a spec that reuses", () => {
  const train = (settings: object): Record<string, unknown> => ({
    space: "mbconv-small",
    evaluator: { train: { dataset: "fashion-mnist", ...settings } },
  });

  test("a job that there is not, or itself, is refused where it names it", async () => {
    const { engine } = await openBench();
    await submit(engine, { jobId: "earlier" });
    expect(await refusal(engine, tabularSpec({ reuse: ["none", "later"] }))).toEqual([
      "reuse[0]: there is no job none in project default of this coordinator's store.",
      "reuse[1]: must name another job than this one.",
    ]);
    await engine.stop();
  });

  test("a job of another table is refused; the path of the table and the seed do not matter", async () => {
    const { engine } = await openBench();
    const other = smallTable();
    await submit(engine, { jobId: "earlier", table });
    expect(await refusal(engine, tabularSpec({ reuse: ["earlier"], seed: 99 }))).toEqual([]);
    expect(await refusal(engine, tabularSpec({ reuse: ["earlier"] }), other)).toEqual([
      `reuse[0]: must name a job with the same evaluator; earlier has a table of SHA-256 ${sha256(table)}, not ${sha256(other)}.`,
    ]);
    expect(await refusal(engine, { ...train({}), reuse: ["earlier"] })).toEqual([
      "reuse[0]: must name a job with the same evaluator; earlier has evaluator tabular, not train.",
    ]);
    await engine.stop();
  });

  test.each([
    [{}, []],
    [{ dataset: "mnist" }, ["dataset fashion-mnist, not mnist"]],
    [{ steps: 31 }, ["steps 30, not 31"]],
    [{ batch: 32, learningRate: 0.1 }, ["batch 64, not 32", "learningRate 0.2, not 0.1"]],
    [{ weightDecay: 0 }, ["weightDecay 0.0001, not 0"]],
    [{ evalExamples: 0 }, ["evalExamples 2000, not 0"]],
  ])("a job that trains otherwise is refused with what differs: %j", async (settings, differences) => {
    const { engine } = await openBench();
    await engine.createJob({
      project: "default",
      jobId: "earlier",
      spec: train({}),
      files: new Map(),
      requestId: "",
      validateOnly: false,
    });
    const words = `reuse[0]: must name a job with the same evaluator; earlier has ${differences.join(", and ")}.`;
    expect(await refusal(engine, { ...train(settings), reuse: ["earlier"], seed: 4 })).toEqual(
      differences.length === 0 ? [] : [words],
    );
    await engine.stop();
  });
});
