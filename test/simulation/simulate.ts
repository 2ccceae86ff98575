import { Ledger } from "./checks/ledger.ts";
import { SimDisk } from "./cluster/disk.ts";
import type { Laboratory } from "./cluster/evaluator.ts";
import { Host } from "./cluster/host.ts";
import { drawJob } from "./cluster/jobs.ts";
import { Network } from "./cluster/network.ts";
import { Researcher } from "./cluster/researcher.ts";
import { Storm } from "./cluster/storm.ts";
import { drawTroubles, type TroubleKind } from "./cluster/troubles.ts";
import { SimWeights } from "./cluster/weights.ts";
import { WorkerMachine } from "./cluster/worker-machine.ts";
import { World } from "./world/world.ts";

/** How a seed is simulated. */
export interface SimulationOptions {
  /** Troubles that are left out. */
  readonly without: ReadonlySet<TroubleKind>;
  /** Is given every line of the trace. */
  readonly print: ((line: string) => void) | null;
}

/** What a seed came to. */
export interface SeedReport {
  readonly seed: number;
  /** The first violated invariant, and null where all hold. */
  readonly violation: string | null;
  /** Of the whole trace: equal for equal seeds. */
  readonly hash: string;
  readonly steps: number;
  readonly virtualMs: number;
  readonly troubles: string;
}

/** How long jobs may take to their end once the troubles are over, in virtual time. */
const healingMs = 2 * 60 * 60_000;

/** How long a worker may wait for word of an outcome once all jobs have ended. */
const answerMs = 5 * 60_000;

/** Plays one seed: a coordinator, workers and a researcher, troubles for a while, and then the way to the end of every job. */
export async function simulate(seed: number, { without, print }: SimulationOptions): Promise<SeedReport> {
  const world = new World(seed, print);
  const dice = world.dice("scenario");
  const troubles = drawTroubles(world.dice("troubles"), without);
  world.note("scenario", `troubles: ${troubles.toString()}`);

  const weights = new SimWeights(world, troubles);
  const host = new Host(world, dice.pick([6_000, 30_000]), weights);
  const ledger = new Ledger(world, host, weights);
  const disk = new SimDisk(world, troubles, ledger, (process) => host.crash(process));
  const network = new Network(world, troubles, host);
  let nonces = 0;
  const poisoned = dice.whole(0, 8);
  const lab: Laboratory = {
    dice: world.dice("evaluations"),
    troubles,
    meanMs: dice.pick([300, 1_500, 4_000]),
    nextNonce: () => (nonces += 1),
    isPoison: (arms) => troubles.includes("poison") && arms.reduce((sum, arm) => 3 * sum + arm, 0) % 9 === poisoned,
  };
  const parts = { world, network, watcher: ledger, lab };
  const workers = Array.from(
    { length: dice.whole(1, 4) },
    (_, index) => new WorkerMachine(`worker-${index + 1}`, parts),
  );
  const researcher = new Researcher(world, network, troubles, ledger.requests);

  host.start(disk);
  for (const worker of workers) world.after(dice.wait(2_000), () => worker.start());
  for (let job = dice.pick([1, 1, 2, 3]); job > 0; job -= 1) {
    const wanted = drawJob(dice, dice.chance(0.5) ? "" : `job-${job}`);
    world.after(dice.wait(10_000), () => researcher.submit(wanted));
  }
  const storm = new Storm({ world, troubles, host, disk, weights, network, workers, researcher });
  const stormMs = dice.whole(20_000, 200_000);
  storm.begin();
  await world.runUntil(() => world.nowMs >= stormMs, stormMs);
  world.note("scenario", "the troubles are over");
  storm.end();

  const isDone = (): boolean =>
    researcher.waiting === 0 && [...ledger.jobs.values()].every(({ outcome }) => outcome !== null);
  await world.runUntil(isDone, world.nowMs + healingMs);
  await world.runUntil(() => ledger.unanswered === null, world.nowMs + answerMs);
  if (world.violation === null) {
    if (ledger.unanswered !== null) world.violate(`the outcome of ${ledger.unanswered} is never answered`);
    if (researcher.waiting > 0) world.violate("a job is not created");
    if (ledger.jobs.size !== researcher.jobs.length) world.violate("there are more jobs than were asked for");
    for (const job of ledger.jobs.values()) job.checkEnd();
  }
  const { violation, trace, steps, nowMs } = world;
  return { seed, violation, hash: trace.hash, steps, virtualMs: nowMs, troubles: troubles.toString() };
}
