import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startCoordinator } from "../../coordinator/serve.ts";
import { silent } from "../support/scheduling-bench.ts";
import { JobBench } from "../support/job-bench.ts";

const bench = new JobBench();
let text: string;

beforeAll(async () => {
  await bench.serve("memory:");
  bench.work(2);
  const job = await bench.submit("measured", { budget: { trials: 20 } });
  expect(await bench.ended(job.name)).toMatchObject({ state: "succeeded" });
  ({ text } = await bench.metrics());
});
afterAll(() => bench.close());

/** The sample of a name with its labels, as it stands in the text. */
const valueOf = (sample: string): number => {
  const line = text.split("\n").find((each) => each.startsWith(`${sample} `));
  return line === undefined ? NaN : Number(line.slice(sample.length + 1));
};

describe("the metrics of a coordinator", () => {
  test("tell what a job over real gRPC came to", () => {
    expect(valueOf("fpnas_leader")).toBe(1);
    expect(valueOf("fpnas_workers_connected")).toBe(2);
    expect(valueOf('fpnas_jobs{state="running"}')).toBe(0);
    const [completed, infeasible] = ["completed", "infeasible"].map((state) => {
      const value = valueOf(`fpnas_trials_ended_total{state="${state}"}`);
      return Number.isNaN(value) ? 0 : value;
    });
    expect(completed! + infeasible!).toBe(20);
    expect(valueOf('fpnas_outcomes_total{verdict="accepted"}')).toBe(20);
    expect(valueOf("fpnas_leases_total")).toBeGreaterThanOrEqual(20);
    expect(valueOf("fpnas_rounds_total")).toBeGreaterThanOrEqual(1);
    expect(valueOf("fpnas_worker_busy_seconds_total")).toBeGreaterThan(0);
    expect(text).not.toContain("fpnas_job_entropy_nats{");
  });

  test("are those that docs/metrics.md lists, with its kinds", () => {
    const page = readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");
    const listed = [...page.matchAll(/^\| `(fpnas_\w+)` +\| (\w+) /gm)].map(([, name, kind]) => `${name} ${kind}`);
    const told = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, kind]) => `${name} ${kind}`);
    expect(listed.sort()).toEqual(told.sort());
  });

  test("tell of a job that runs its entropy and its trials", async () => {
    await bench.serve("memory:");
    const { name } = await bench.submit("waits", { budget: { trials: 20 } });
    const { text: waiting } = await bench.metrics();
    const job = name.replace("projects/", "").replace("/jobs/", "/");
    expect(waiting).toMatch(new RegExp(`^fpnas_job_entropy_nats\\{job="${job}"\\} [1-9]`, "m"));
    expect(waiting).toMatch(/^fpnas_jobs\{state="running"\} 1$/m);
    expect(waiting).toMatch(/^fpnas_trials_open\{state="pending"\} [1-9]/m);
    expect(waiting).toMatch(/^fpnas_workers_connected 0$/m);
  });

  test("are served at /metrics alone", async () => {
    expect((await bench.metrics("/")).status).toBe(404);
  });

  test("that cannot be served where they are wanted end the start, which says where", async () => {
    const { port } = new URL(`http://${bench.metricsAddress}`);
    const config = { listen: "127.0.0.1:0", advertise: null, health: null, store: "memory:", weights: null };
    const starting = startCoordinator({ ...config, leaseTtlMs: 30_000, logger: silent, metrics: `127.0.0.1:${port}` });
    await expect(starting).rejects.toThrow(`cannot serve metrics at 127.0.0.1:${port}`);
  });
});
