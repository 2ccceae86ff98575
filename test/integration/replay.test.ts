import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import Database from "better-sqlite3";
import { replayJob } from "../../cli/replay/replay-log.ts";
import { JobBench } from "../support/job-bench.ts";

let bench: JobBench;
beforeEach(() => {
  bench = new JobBench();
});
afterEach(() => bench.close());

describe("a replay of a job's log", () => {
  test("comes to what is stored of a running, a paused, a finished and a cancelled job", async () => {
    await bench.serve("memory:");
    const { name } = await bench.submit("first");
    const identical = { job: name, identical: true, differences: [] };
    expect(await replayJob(bench.client, name)).toMatchObject({
      ...identical,
      ...{ state: "running", events: 2, snapshotEvent: 2, rounds: 0 },
    });
    await bench.client.pauseJob(name);
    expect(await replayJob(bench.client, name)).toMatchObject({ ...identical, state: "paused", events: 3 });
    await bench.client.resumeJob(name);
    // The snapshot is that of the pause.
    expect(await replayJob(bench.client, name)).toMatchObject({ ...identical, events: 4, snapshotEvent: 3 });

    bench.work(2);
    const { progress } = await bench.ended(name);
    const report = await replayJob(bench.client, name);
    expect(report).toEqual({
      ...identical,
      ...{ state: "succeeded", rounds: progress.rounds, trials: 30, entropy: progress.entropy },
      // The start, two controls, a lookup a round, and one event a trial.
      ...{ events: 3 + progress.rounds + 30, snapshotEvent: 3 + progress.rounds + 30 },
    });

    const cut = await bench.submit("cut", { budget: { trials: 80 } });
    await bench.client.cancelJob(cut.name);
    expect(await replayJob(bench.client, cut.name)).toMatchObject({ state: "cancelled", identical: true });
  });

  test.each([
    ["asynchronous", { stages: [{ name: "only", slots: "factorized", updateAfter: 2, inFlight: 5 }] }],
    ["surrogate", { algorithm: { name: "fp-nas-plus" } }],
    ["with costs", { cost: { macs: 140 } }],
    ["of another job's results", { reuse: ["earlier"], seed: 3 }],
  ])("comes to what is stored of a search that is %s", async (_, spec) => {
    await bench.serve("memory:");
    bench.work(3);
    await bench.ended((await bench.submit("earlier")).name);
    const { name } = await bench.submit("later", spec);
    const { state, progress } = await bench.ended(name);
    expect(state).toBe("succeeded");
    const { rounds, trialsCreated: trials } = progress;
    const report = await replayJob(bench.client, name);
    expect(report).toMatchObject({ rounds, trials, identical: true, differences: [] });
  });

  test("reads logs of several pages, and the job's file by its hash", async () => {
    await bench.serve("memory:");
    const { name } = await bench.submit("long", { algorithm: { name: "random" }, budget: { trials: 81 } });
    for (let round = 0; round < 60; round += 1) {
      await bench.client.pauseJob(name);
      await bench.client.resumeJob(name);
    }
    bench.work(2);
    await bench.ended(name);
    const sizes: number[] = [];
    for await (const part of bench.client.readJobLog(name)) if (part.type === "events") sizes.push(part.events.length);
    expect(sizes[0]).toBe(128);
    expect(sizes).toHaveLength(2);
    expect(await replayJob(bench.client, name)).toMatchObject({ events: 128 + sizes[1]!, identical: true });
  });

  test("of an unknown job is refused", async () => {
    await bench.serve("memory:");
    await expect(replayJob(bench.client, "projects/default/jobs/none")).rejects.toMatchObject({ code: "not_found" });
    await expect(bench.client.fetchFile("0".repeat(64))).rejects.toMatchObject({ code: "not_found" });
  });
});

test("what was changed in a copy of the store is found and named: an outcome, a round, an event, the snapshot", async () => {
  const original = join(bench.folder, "state.db");
  await bench.serve(`sqlite:${original}`);
  bench.work(1);
  const { name } = await bench.submit("first");
  await bench.ended(name);
  expect(await replayJob(bench.client, name)).toMatchObject({ identical: true });
  await bench.stop();

  /** The places, each with its event, that a replay finds in a copy after `sql`. */
  async function findAfter(sql: string, ...values: readonly unknown[]): Promise<readonly unknown[]> {
    const path = join(bench.folder, "copy.db");
    copyFileSync(original, path);
    const copy = new Database(path);
    expect(copy.prepare(sql).run(...values).changes).toBe(1);
    copy.close();
    await bench.serve(`sqlite:${path}`);
    const { identical, differences } = await replayJob(bench.client, name);
    await bench.stop();
    expect(identical).toBe(false);
    return differences.map(({ event, path: place }) => [event, place]);
  }

  const state = new Database(original, { readonly: true });
  const outcome = "select seq, json from events where json like '%trialCompleted%' order by seq limit 1 offset 20";
  const { seq, json } = state.prepare(outcome).get() as { seq: number; json: string };
  const { last } = state.prepare("select max(seq) as last from events").get() as { last: number };
  state.close();
  const event = JSON.parse(json) as { trial: number; measurement: object };
  const lie = JSON.stringify({ ...event, measurement: { ...event.measurement, accuracy: 1 } });

  const found = await findAfter("update events set json = ? where seq = ?", lie, seq);
  expect(found).toEqual([
    [seq, `trials[${event.trial}].measurement.accuracy`],
    [last, expect.stringMatching(/^state\./)],
  ]);
  const place = [[seq, `events[${seq}]`]];
  expect(await findAfter("update events set json = 'no' where seq = ?", seq)).toEqual(place);
  expect(await findAfter(`update events set json = '{"type":"x"}' where seq = ?`, seq)).toEqual(place);
  expect(await findAfter("delete from events where seq = ?", seq)).toEqual(place);
  expect(await findAfter("delete from events where seq = ?", last)).toEqual([[last, `events[${last}]`]]);
  expect(await findAfter(`update snapshots set json = replace(json, '"phase":"ended"', '"phase":"created"')`)).toEqual([
    [last, "state.phase"],
  ]);
  expect(await findAfter("update snapshots set json = ' ' || json")).toEqual([[last, "state"]]);
  const rounds = "update rounds set summary_json = replace(summary_json, '\"draws\":', '\"draws\":1') where round = 1";
  expect(await findAfter(rounds)).toEqual([[expect.any(Number), "rounds[1].draws"]]);
});
