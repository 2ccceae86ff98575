import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { NewJob } from "../../client/types.ts";
import { useFolder, writeTable } from "../support/cli-files.ts";
import { runCli } from "../support/cli-process.ts";
import { FailoverCluster, undisturbed, type JobStory } from "../support/failover-cluster.ts";
import { PostgresServer } from "../support/postgres-server.ts";

const folder = useFolder();
const trials = 600;
const name = "projects/default/jobs/ladder";

let server: PostgresServer;
let cluster: FailoverCluster;
let job: NewJob;
let expected: JobStory | null = null;

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterAll(() => server.stop());

beforeEach(async () => {
  const table = writeTable(folder.path, 7);
  const spec = {
    name: "ladder",
    // Learns too little to find the best soon, and enough that each round hangs on what the ones before have found.
    algorithm: { name: "fp-nas", learningRate: 0.02 },
    evaluator: { tabular: { table } },
    budget: { trials },
    seed: 3,
  };
  job = { spec, files: new Map([[table, readFileSync(join(folder.path, table))]]), jobId: "ladder" };
  expected ??= await undisturbed(job);
  cluster = await FailoverCluster.start(await server.createDatabase(), folder.path);
});
afterEach(() => cluster.close());

/** Of a job to which something happened when a third of its trials had ended. */
async function expectUndisturbed(story: JobStory): Promise<void> {
  expect(story).toEqual(expected);
  expect(story.outcomes).toEqual(Array.from({ length: trials }, (_, index) => index + 1));
  const replay = await runCli(["replay", name], folder.path, { FPNAS_COORDINATOR: cluster.addresses });
  expect(replay.code).toBe(0);
}

test("a leader that is killed is followed by the other one, and the job ends as if nothing had happened", async () => {
  const story = await cluster.run(job, trials / 3, () => cluster.leader.kill("SIGKILL"));
  await expectUndisturbed(story);
});

test("a leader that is stopped in order hands over, and the job ends as if nothing had happened", async () => {
  const story = await cluster.run(job, trials / 3, () => cluster.leader.kill("SIGTERM"));
  await expectUndisturbed(story);
  expect((await cluster.leader.ended).code).toBe(143);
});

test("a leader that stands still is deposed, changes nothing when it wakes, follows, and leads again", async () => {
  const story = await cluster.run(job, trials / 3, () => {
    cluster.leader.kill("SIGSTOP");
    void cluster.follower.printed(/"msg":"leads"/).then(() => cluster.leader.kill("SIGCONT"));
  });
  await expectUndisturbed(story);
  await cluster.leader.printed(/"msg":"leads no more"/);
  cluster.follower.kill("SIGTERM");
  expect((await cluster.client.getJob(name)).state).toBe("succeeded");
  await cluster.client.cancelJob(name).catch((error: unknown) => {
    // Only a leader can refuse it.
    expect(error).toMatchObject({ code: "failed_precondition" });
  });
});
