import type { Logger } from "pino";
import { FileSource } from "./client/file-source.ts";
import { openCoordinator } from "./client/grpc-coordinator.ts";
import { systemTimers } from "./client/timers.ts";
import type { Evaluator } from "./evaluator/evaluator.ts";
import { registeredNames } from "./evaluator/registered-names.ts";
import { Runner } from "./runner.ts";

export interface WorkerConfig {
  /** HOST:PORT of the coordinator, or of several of which one leads, separated by commas. They need not be there yet. */
  readonly coordinator: string;
  /** Unique for the life of the process: 1 to 128 characters of [A-Za-z0-9._-]. */
  readonly workerId: string;
  /** The host's name, for people. */
  readonly host: string;
  /** What it computes with, for people. */
  readonly backend: string;
  /** At least one, each of another name. */
  readonly evaluators: readonly Evaluator[];
  readonly logger: Logger;
}

/** A worker at work. */
export interface RunningWorker {
  /** Resolves after `stop`. Rejects where the worker cannot go on: the coordinator refuses it, or an evaluator is stuck. */
  readonly done: Promise<void>;
  /**
   * Drains: the running evaluation is given back as `preempted`, at once or after a last checkpoint, then the stream is closed. Takes a few
   * seconds at most, whatever the evaluator or the network do. Idempotent, never rejects.
   */
  stop(): Promise<void>;
}

/**
 * Starts a worker that evaluates one trial at a time. It keeps trying to reach a coordinator that is not there, for as long as it runs,
 * and lives on after every failed trial. Once `done` is settled, no timer and no connection of it is left.
 */
export function startWorker(config: WorkerConfig): RunningWorker {
  const { workerId, host, backend, evaluators } = config;
  const logger = config.logger.child({ workerId });
  const coordinator = openCoordinator(config.coordinator);
  const runner = new Runner({
    registration: { workerId, host, backend, evaluators: registeredNames(evaluators) },
    evaluators,
    coordinator,
    files: new FileSource(coordinator, systemTimers, Math.random),
    timers: systemTimers,
    random: Math.random,
    logger,
  });
  runner.start();
  return { done: runner.done, stop: () => runner.stop() };
}
