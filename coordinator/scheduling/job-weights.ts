import type { Logger } from "pino";
import type { WeightsStore } from "../weights/weights-store.ts";
import type { ActiveJob } from "./active-job.ts";
import type { Clock } from "./clock.ts";
import type { JobMessage } from "./job-message.ts";
import type { EngineObserver } from "./observer.ts";
import { dueMerge, mergePatiently, neededWeights } from "./shared-weights.ts";

/** What a job's shared weights are kept with. */
export interface JobWeightsContext {
  /** Null where the coordinator keeps none. */
  readonly weights: WeightsStore | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observer: EngineObserver | null;
  /** Aborted when the engine ends. */
  readonly signal: AbortSignal;
}

/**
 * Does for the weights of one job what its durable state asks for: idle -> (a merge is due) merging -> idle, the job is told of the version
 * -> (its turn is durable) dropping what no draw needs any more -> idle. As the state says all, a restarted coordinator goes on alike.
 */
export class JobWeights {
  private readonly job: ActiveJob;
  private readonly context: JobWeightsContext;
  private readonly post: (message: JobMessage) => void;
  /** The last round whose merge was begun here. */
  private begun = -1;
  private isMerging = false;
  /** After what was dropped last. */
  private collected = "";
  private running: Promise<void> = Promise.resolve();

  constructor(job: ActiveJob, context: JobWeightsContext, post: (message: JobMessage) => void) {
    this.job = job;
    this.context = context;
    this.post = post;
  }

  /** To be called whenever the job's state has changed, and once it is taken up. Idempotent. */
  follow(): void {
    const { weights } = this.context;
    const { plan, checkpoint } = this.job;
    if (weights === null || plan.spec.evaluator.type !== "supernet" || this.isMerging) return;
    const due = dueMerge(plan, checkpoint.state);
    if (due === null) this.collect(weights);
    else if (due.round !== this.begun) this.merge(weights, due);
  }

  /** Resolves when nothing is under way. Never rejects. */
  async settled(): Promise<void> {
    await this.running;
  }

  private merge(weights: WeightsStore, due: NonNullable<ReturnType<typeof dueMerge>>): void {
    const { logger, signal } = this.context;
    const { key } = this.job.plan;
    const version = due.round + 1;
    this.begun = due.round;
    this.isMerging = true;
    this.run(async () => {
      try {
        await mergePatiently(weights, key, due, this.context);
        this.isMerging = false;
        if (!signal.aborted) this.post({ type: "weightsMerged", version });
      } catch (error) {
        this.isMerging = false;
        const text = error instanceof Error ? error.message : String(error);
        logger.error({ err: error, job: key, version }, "shared weights cannot be merged");
        this.post({ type: "fault", error: `version ${version} of the shared weights could not be made: ${text}` });
      }
    });
  }

  private collect(weights: WeightsStore): void {
    const { logger } = this.context;
    const { plan, checkpoint } = this.job;
    const { state } = checkpoint;
    const moment = `${state.rounds} ${state.phase === "ended"}`;
    if (state.phase === "created" || moment === this.collected) return;
    this.collected = moment;
    this.run(() =>
      weights.collect(plan.key, neededWeights(state)).catch((error: unknown) => {
        logger.warn({ err: error, job: plan.key }, "old shared weights could not be dropped");
      }),
    );
  }

  private run(step: () => Promise<void>): void {
    this.running = this.running.then(step);
  }
}
