import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { NewJob } from "../../client/types.ts";
import { parseMbconvDefinition } from "../../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../../coordinator/search/space/mbconv-space.ts";
import { useFolder } from "../support/cli-files.ts";
import { FailoverCluster, type JobStory } from "../support/failover-cluster.ts";
import { PostgresServer } from "../support/postgres-server.ts";
import { smallSpace, weightsHash } from "../support/supernet-job.ts";

const folder = useFolder();
const trials = 48;

const job: NewJob = {
  jobId: "shared",
  files: new Map([["small.json", Buffer.from(JSON.stringify(smallSpace))]]),
  spec: {
    space: { file: "small.json" },
    algorithm: { name: "fp-nas", kMin: 4, kMax: 4 },
    stages: [
      { name: "warm-up", slots: "factorized", until: { rounds: 4 }, weightsOnly: true },
      { name: "fine", slots: "block" },
    ],
    evaluator: { supernet: { dataset: "mnist", localSteps: 2, batch: 16, validationExamples: 32 } },
    budget: { trials },
    final: { steps: 5, from: "slice" },
    seed: 7,
  },
};

let server: PostgresServer;
const clusters: FailoverCluster[] = [];

beforeAll(async () => {
  server = await PostgresServer.start();
});
afterEach(async () => {
  await Promise.all(clusters.splice(0).map((cluster) => cluster.close()));
});
afterAll(() => server.stop());

/** The job's story on a cluster of its own, and a hash of the last version of its weights. */
async function play(happen: (cluster: FailoverCluster) => void): Promise<{ story: JobStory; weights: string }> {
  const cluster = await FailoverCluster.start(await server.createDatabase(), folder.path);
  clusters.push(cluster);
  const story = await cluster.run(job, trials / 3, () => happen(cluster));
  await Promise.all(clusters.splice(0).map((used) => used.close()));
  const { tensors } = mbconvSpace(parseMbconvDefinition(smallSpace)).supernet!();
  const { version } = story.result["supernet"] as { readonly version: number };
  return { story, weights: await weightsHash(join(folder.path, "weights"), "default/shared", version, tensors) };
}

test("a supernet's job, on one folder of weights, outlives the leader that is killed: no round is lost, and no bit differs", async () => {
  const undisturbed = await play(() => undefined);
  expect(undisturbed.story).toMatchObject({ state: "succeeded", result: { trials, final: { steps: 5 } } });
  rmSync(join(folder.path, "weights"), { recursive: true });
  const killed = await play(({ leader }) => leader.kill("SIGKILL"));
  expect(killed).toEqual(undisturbed);
});
