/**
 * `npm run verify:faults`: kills the coordinator at every commit of a job of 200 trials, just before and just after each is durable,
 * on SQLite and on PostgreSQL, and says what was lost, doubled or came out otherwise. `--store sqlite`, `--lanes 6`, `--sample 50`. With `--supernet`
 * the coordinator and the workers of a supernet's job instead, at 20 moments, or as many as `--sample` says.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import {
  allPoints,
  runCampaign,
  samplePoints,
  type CampaignReport,
  type PointOutcome,
} from "../support/crash/campaign.ts";
import { runSupernetCampaign } from "../support/crash/supernet/campaign.ts";
import { PostgresServer } from "../support/postgres-server.ts";

const { values: flags } = parseArgs({
  options: {
    store: { type: "string", multiple: true, default: ["sqlite", "postgres"] },
    // A lane waits for leases to expire more than it computes.
    lanes: { type: "string", default: String(3 * availableParallelism()) },
    sample: { type: "string" },
    supernet: { type: "boolean", default: false },
    seed: { type: "string", default: "1" },
  },
});

interface Place {
  /** The URL of an empty store. */
  readonly open: () => Promise<string>;
  /** Removes all that was opened. */
  readonly close: () => Promise<void>;
}

/** Where each kind of store keeps a campaign's lanes. */
const places: Readonly<Record<string, () => Promise<Place>>> = {
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), "fpnas-verify-"));
    let stores = 0;
    return {
      open: () => Promise.resolve(`sqlite:${join(folder, `${String((stores += 1))}.db`)}`),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
  postgres: async () => {
    const server = await PostgresServer.start();
    return { open: () => server.createDatabase(), close: () => server.stop() };
  },
};

const isClean = ({ wasKilled, lost, doubled, differing }: PointOutcome): boolean =>
  wasKilled && lost === 0 && doubled === 0 && differing.length === 0;

function describe({ point, wasKilled, lost, doubled, differing, example }: PointOutcome): string {
  const result = wasKilled
    ? `${lost} lost, ${doubled} doubled${differing.map((part) => `, another ${part}`).join("")}`
    : "was not reached";
  const instead = example === null ? "" : `: ${String(example[1])} instead of ${example[0]}`;
  return `${point.when} commit ${point.commit}: ${result}${instead}`;
}

async function verify(store: string): Promise<CampaignReport> {
  const place = places[store];
  if (place === undefined) throw new Error(`--store must be ${Object.keys(places).join(" or ")}, not ${store}`);
  const { open, close } = await place();
  try {
    const urls = await Promise.all(Array.from({ length: Number(flags.lanes) }, open));
    const choose = (commits: number) =>
      flags.sample === undefined ? allPoints(commits) : samplePoints(commits, Number(flags.sample), Number(flags.seed));
    return await runCampaign(urls, choose, (outcome, done, of) => {
      if (!isClean(outcome)) console.log(`${store}: ${describe(outcome)}`);
      if (done % 20 === 0 || done === of) console.log(`${store}: ${done} of ${of} points`);
    });
  } finally {
    await close();
  }
}

async function verifySupernet(): Promise<boolean> {
  const outcomes = await runSupernetCampaign(Number(flags.sample ?? 20), Number(flags.seed), (outcome) => {
    const { moment, killedAt, lost, doubled, differing } = outcome;
    const what = `${lost} lost, ${doubled} doubled${differing.map((part) => `, another ${part}`).join("")}`;
    console.log(`${moment.victim} ${killedAt ?? `step ${moment.step} (was not reached)`}: ${what}`);
  });
  const clean = outcomes.filter(
    ({ killedAt, lost, doubled, differing }) => killedAt !== null && lost + doubled + differing.length === 0,
  );
  console.log(`${clean.length} of ${outcomes.length} jobs ended as if nothing had happened`);
  return clean.length === outcomes.length;
}

async function verifyStores(): Promise<boolean> {
  const rows = [["store", "commits", "points", "killed", "lost", "doubled", "differing", "minutes"]];
  let clean = true;
  for (const store of flags.store) {
    const startMs = performance.now();
    const { commits, outcomes, workersSurvived } = await verify(store);
    const sum = (of: (outcome: PointOutcome) => number): string =>
      String(outcomes.reduce((total, outcome) => total + of(outcome), 0));
    rows.push([
      ...[store, String(commits), String(outcomes.length), sum(({ wasKilled }) => Number(wasKilled))],
      ...[sum(({ lost }) => lost), sum(({ doubled }) => doubled), sum(({ differing }) => Number(differing.length > 0))],
      ((performance.now() - startMs) / 60_000).toFixed(1),
    ]);
    if (!workersSurvived) console.log(`${store}: the workers did not survive`);
    clean &&= workersSurvived && outcomes.every(isClean);
  }
  for (const row of rows) console.log(row.map((cell, column) => cell.padStart(column === 0 ? 8 : 9)).join(" "));
  return clean;
}

process.exitCode = (await (flags.supernet ? verifySupernet() : verifyStores())) ? 0 : 1;
