import { pino, type Logger } from "pino";
import type { Clock } from "../../../coordinator/scheduling/clock.ts";
import { Engine } from "../../../coordinator/scheduling/engine.ts";
import { JobReader } from "../../../coordinator/scheduling/job-reader.ts";
import { silent } from "../../support/scheduling-bench.ts";
import type { Dice } from "../world/dice.ts";
import { SimProcess } from "../world/process.ts";
import { epochMs, type World } from "../world/world.ts";
import type { SimDisk } from "./disk.ts";
import type { SimWeights } from "./weights.ts";

/** How long a coordinator that stops is waited for before it is killed. */
const stopGraceMs = 10_000;

/** The machine of the coordinator: down -> starting -> serving -> down, and a supervisor that starts it again. */
export class Host {
  /** The present coordinator's; null while there is none. */
  process: SimProcess | null = null;
  /** Null unless it serves. */
  engine: Engine | null = null;
  /** What the present coordinator reads. */
  jobs: JobReader | null = null;
  readonly logger: Logger;
  /** How far this machine's clock is set off. */
  skewMs = 0;
  /** When the clock was last set, in virtual time. */
  clockSetMs = -1;
  readonly leaseTtlMs: number;
  private readonly world: World;
  private readonly dice: Dice;
  private starts = 0;
  private disk: SimDisk | null = null;
  private readonly weightsDisk: SimWeights;
  private readonly listeners: ((process: SimProcess) => void)[] = [];

  constructor(world: World, leaseTtlMs: number, weightsDisk: SimWeights) {
    this.weightsDisk = weightsDisk;
    this.world = world;
    this.leaseTtlMs = leaseTtlMs;
    this.dice = world.dice("coordinator");
    this.logger = world.trace.isRead ? tracingLogger(world, "coordinator") : silent;
  }

  onDeath(listener: (process: SimProcess) => void): void {
    this.listeners.push(listener);
  }

  /** Starts a coordinator on the disk; another is started whenever one has died. */
  start(disk: SimDisk): void {
    this.disk = disk;
    this.starts += 1;
    const process = new SimProcess(this.world, `coordinator-${this.starts}`);
    this.process = process;
    this.world.note(process.name, "starts");
    const fail = (error: unknown): void => {
      this.world.note(process.name, `cannot start: ${String(error)}`);
      this.crash(process);
    };
    process.after(this.dice.whole(1, 50), () => void this.serve(process, disk).catch(fail));
  }

  private async serve(process: SimProcess, disk: SimDisk): Promise<void> {
    const { logger, leaseTtlMs } = this;
    const storage = await disk.lead(process);
    const weights = this.weightsDisk.open(process);
    const engine = await Engine.start({ storage, clock: this.clockOf(process), logger, leaseTtlMs, weights });
    if (this.process !== process) return;
    this.world.note(process.name, "serves");
    this.jobs = new JobReader(storage, () => 0);
    this.engine = engine;
    const error = await engine.failed;
    if (this.process === process) this.world.violate(`the only coordinator cannot go on: ${error.message}`);
    else this.end(process);
  }

  /** Starts another coordinator while this one stands still; when that goes on, it still takes itself for the leader. */
  replace(): SimProcess | null {
    const { process, disk } = this;
    if (process === null || disk === null) return null;
    this.engine = null;
    this.start(disk);
    return process;
  }

  /** Kills a coordinator that was replaced; the present one is left alone. */
  end(process: SimProcess): void {
    if (this.process === process || !process.isAlive) return;
    process.kill();
    this.world.note(process.name, "is gone");
    for (const listener of this.listeners) listener(process);
  }

  /** Kills the process; after the present one, another is started in a while. */
  crash(process: SimProcess): void {
    if (this.process !== process) {
      this.end(process);
      return;
    }
    this.process = null;
    this.engine = null;
    this.end(process);
    this.world.after(this.dice.whole(200, this.dice.chance(0.2) ? 40_000 : 3_000), () => {
      if (this.disk !== null) this.start(this.disk);
    });
  }

  /** Stops the coordinator in order, as far as it does. */
  stop(): void {
    const { process, engine } = this;
    if (process === null || engine === null) return;
    this.engine = null;
    process.run(() => void engine.stop().then(() => process.after(0, () => this.crash(process))));
    this.world.after(stopGraceMs, () => this.crash(process));
  }

  setClock(byMs: number): void {
    this.skewMs += byMs;
    this.clockSetMs = this.world.nowMs;
  }

  private clockOf(process: SimProcess): Clock {
    return {
      now: () => epochMs + this.world.nowMs + this.skewMs,
      setTimer: (delayMs, run) => process.after(delayMs, run),
    };
  }
}

/** Has what a process logs in the trace, for its reader. */
export function tracingLogger(world: World, who: string): Logger {
  const write = (line: string): void => world.trace.tell(world.nowMs, who, `. ${line.trim().slice(0, 300)}`);
  return pino({ level: "debug", base: null, timestamp: false }, { write });
}
