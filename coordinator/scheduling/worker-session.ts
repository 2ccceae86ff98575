import type { Evaluation } from "../../network/evaluation.ts";
import type { JobKey } from "../storage/storage.ts";
import type { EngineError } from "./errors.ts";
import type { Outcome, Verdict } from "./outcome.ts";
import type { TrialCheckpoint } from "./trial-checkpoint.ts";

/** Who a worker is and what it can do (RegisterRequest). */
export interface WorkerInfo {
  readonly workerId: string;
  readonly host: string;
  readonly backend: string;
  readonly evaluators: readonly string[];
  readonly version: string;
}

/** Names one lease. */
export interface LeaseKey {
  readonly job: JobKey;
  readonly trial: number;
  readonly token: number;
}

/** A trial given to a worker. */
export interface Lease {
  readonly key: LeaseKey;
  /** The proto3 JSON form of the network. */
  readonly networkJson: string;
  readonly evaluation: Evaluation;
  /** Left by an earlier attempt; null where none left any. */
  readonly checkpoint: TrialCheckpoint | null;
}

/** The answer to one outcome. */
export interface OutcomeAck {
  readonly key: LeaseKey;
  readonly verdict: Verdict;
}

/** What the engine tells a worker at one time. */
export interface ToWorker {
  readonly leases: readonly Lease[];
  readonly acks: readonly OutcomeAck[];
  readonly revoked: readonly LeaseKey[];
}

/** How a lease ended, as its worker tells. */
export interface ToldOutcome {
  readonly key: LeaseKey;
  readonly outcome: Outcome;
  /** How long the worker computed; absent where it does not say. */
  readonly busySeconds?: number;
}

/** What a worker tells the engine at one time. */
export interface FromWorker {
  /** Credit to add: how many more trials it could start. */
  readonly wantLeases: number;
  readonly renewals: readonly LeaseKey[];
  readonly outcomes: readonly ToldOutcome[];
}

/** The worker's end of a stream. Neither method throws, also after the stream has ended. */
export interface WorkerStream {
  send(message: ToWorker): void;
  /** Ends the stream with this cause. */
  end(cause: EngineError): void;
}

/** One stream of one worker: open until the worker leaves, a newer stream takes its place, or the engine stops. */
export interface WorkerSession {
  readonly worker: WorkerInfo;
  readonly stream: WorkerStream;
  /** Leases that it may still be given. */
  credit: number;
  isOpen: boolean;
  /** Its first message has come, which names all leases that the worker holds or owes an outcome of. */
  hasSpoken: boolean;
  /** Open, but the worker takes no more leases. */
  isLeaving: boolean;
}
