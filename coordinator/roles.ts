import type { Logger } from "pino";
import type { Coordinator } from "./rpc/coordinator.ts";
import { pause, type Clock } from "./scheduling/clock.ts";
import { Engine } from "./scheduling/engine.ts";
import { isDeposed, mayPass, notLeader } from "./scheduling/errors.ts";
import { JobReader } from "./scheduling/job-reader.ts";
import type { EngineGauges, EngineObserver } from "./scheduling/observer.ts";
import type { Leadership, Store } from "./storage/leadership.ts";
import type { WeightsStore } from "./weights/weights-store.ts";

/** What a coordinator takes its roles with. */
export interface RolesOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly leaseTtlMs: number;
  /** Shared by all coordinators of the store; null where there is none. */
  readonly weights: WeightsStore | null;
  /** Counts what is done while it leads; null for nobody. */
  readonly observer: EngineObserver | null;
}

/** Between the end of a leadership, or an attempt at one, and the next. */
const retryMs = 500;
/** How often one that has no role yet asks whether another leads, and how many times: then it follows, whoever leads. */
const look = { everyMs: 100, times: 50 };

/**
 * Leads or follows, in turn, on a store that other coordinators may share.
 *
 *     (new) --start()--> following --store.lead()--> taking up --engine started--> leading
 *                            ^                           |                            |
 *                            |                           | lost, or the store away    | lost, or deposed by the store
 *                            +------ stepping down <-----+----------------------------+
 *
 *     any --stop()--> stepping down --> stopped        taking up, leading --the engine cannot go on--> failed
 *
 * It leads from the engine's start until it steps down: then the engine's streams end and its writes are refused, before anything else.
 */
export class Roles implements Coordinator {
  readonly jobs: JobReader;
  /** Resolves, with the cause, when it can neither lead nor follow on. Never rejects. */
  readonly failed: Promise<Error>;
  private readonly options: RolesOptions;
  private readonly ending = new AbortController();
  private address = "";
  private leadership: Leadership | null = null;
  private engine: Engine | null = null;
  private running: Promise<void> = Promise.resolve();
  private asking: Promise<string | null> | null = null;
  private reportFailure: (error: Error) => void = () => undefined;

  constructor(options: RolesOptions) {
    this.options = options;
    this.jobs = new JobReader(options.store.reader, (record) => this.engine?.workersFor(record) ?? 0);
    this.failed = new Promise((resolve) => (this.reportFailure = resolve));
  }

  /** Begins to follow, and to wait for its turn to lead; to be called once. `address` is where workers and clients reach it. */
  start(address: string): void {
    this.address = address;
    this.running = this.run().catch((error: unknown) => {
      this.reportFailure(error instanceof Error ? error : new Error(String(error)));
    });
  }

  /** Resolves once it leads or is known to follow, has failed or is stopped. Never rejects. */
  async settled(): Promise<void> {
    let hasFailed = false;
    void this.failed.then(() => (hasFailed = true));
    const isOpen = (): boolean => this.engine === null && !hasFailed && !this.ending.signal.aborted;
    for (let looks = 0; isOpen() && (looks < look.times || this.leadership !== null); looks += 1) {
      if ((await this.findLeader()) !== null) return;
      await pause(this.options.clock, look.everyMs, this.ending.signal);
    }
  }

  async leading(): Promise<Engine> {
    if (this.engine === null) throw notLeader(await this.findLeader());
    return this.engine;
  }

  /** How its engine stands; null while it does not lead. */
  get gauges(): EngineGauges | null {
    return this.engine?.gauges ?? null;
  }

  /** Steps down, which makes durable what was received, and lets the next one lead at once. Idempotent, never rejects. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { clock, logger } = this.options;
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        await this.lead();
      } catch (error) {
        if (isAborted(signal)) return;
        if (!mayPass(error) && !isDeposed(error)) throw error;
        logger.warn({ err: error }, "cannot lead now");
      }
      await pause(clock, retryMs, signal);
    }
  }

  /** Waits for its turn, and leads until it is over. Rejects with what else than another leader ended it, or kept it from beginning. */
  private async lead(): Promise<void> {
    const { store, logger } = this.options;
    logger.info("follows");
    this.leadership = await store.lead(this.address, this.ending.signal);
    const { term } = this.leadership;
    logger.info({ term }, "takes up the jobs");
    try {
      await this.leadOn(this.leadership);
    } finally {
      await this.leadership.resign();
      this.leadership = null;
      logger.info({ term }, "leads no more");
    }
  }

  private async leadOn({ term, storage, lost }: Leadership): Promise<void> {
    const { clock, logger, leaseTtlMs, weights, observer } = this.options;
    const engine = await Engine.start({ storage, clock, logger, leaseTtlMs, weights, ...(observer && { observer }) });
    this.engine = engine;
    logger.info({ term }, "leads");
    const failure = await Promise.race([engine.failed, lost.then(() => null), whenAborted(this.ending.signal)]);
    // From here on calls are refused; then the streams end.
    this.engine = null;
    await engine.stop();
    if (failure !== null) throw failure;
  }

  /** HOST:PORT of another one that leads, as far as the store knows and can be asked. Asked once for all that want to know. */
  private findLeader(): Promise<string | null> {
    this.asking ??= this.options.store.leader().then(
      (leader) => this.otherThanThis(leader?.address ?? null),
      () => this.otherThanThis(null),
    );
    return this.asking;
  }

  private otherThanThis(leader: string | null): string | null {
    this.asking = null;
    return leader === this.address ? null : leader;
  }
}

function whenAborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener("abort", () => resolve(null), { once: true });
  });
}

/** Read anew each time: it changes while the loop waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
