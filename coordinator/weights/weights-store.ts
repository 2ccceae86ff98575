import type { Precision } from "../../network/evaluation.ts";
import type { SharedTensor, WeightsSlice } from "../../network/shared-weights.ts";

/** One version to make: `round` + 1, from version `round`; round 0 from `tensors` and `seed`. */
export interface WeightsMerge {
  readonly round: number;
  /** Every shared tensor of the job, the same for all of its versions. */
  readonly tensors: readonly SharedTensor[];
  /** Of the first version's random numbers: an integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** ω + Σ weight · update, added in this order. */
  readonly updates: readonly { readonly sha256: string; readonly weight: number }[];
  /** Share of the change of the last merge that this one repeats, from 0, below 1; 0 for none. */
  readonly momentum: number;
}

/** What a trial would change, as its bytes come: the changes of the slices in order, row-major, little-endian. */
export interface UpdateHeader {
  readonly trial: number;
  /** The version that it was made from. */
  readonly version: number;
  readonly slices: readonly WeightsSlice[];
  readonly precision: Precision;
  /** Of the bytes, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Why shared weights were refused. `notFound`: no such version or update (any more); `invalid`: what was asked for or sent does not fit;
 * `unavailable`: may work later, as with a full disk; `corrupt`: what is stored is not what was written.
 */
export type WeightsErrorCode = "notFound" | "invalid" | "unavailable" | "corrupt";

/** Shared weights were refused. */
export class WeightsError extends Error {
  readonly code: WeightsErrorCode;
  constructor(code: WeightsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "WeightsError";
    this.code = code;
  }
}

/** The versions of the shared weights of jobs, and what trials would change. A job is named by its key. Every method rejects with WeightsError. */
export interface WeightsStore {
  /**
   * Makes version `round` + 1 of a job, durable when it resolves. Idempotent: the same base, updates and weights give the same version, bit
   * for bit. Off the main thread, with memory bounded by the largest tensor.
   */
  merge(job: string, merge: WeightsMerge): Promise<void>;
  /** Bytes of slices of a version, in order, each row-major, little-endian, in chunks of at most 1 MiB. */
  fetch(job: string, version: number, slices: readonly WeightsSlice[], precision: Precision): AsyncIterable<Uint8Array>;
  /** Stores an update, durable when it resolves. Idempotent. */
  putUpdate(job: string, update: UpdateHeader, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  hasUpdate(job: string, sha256: string): Promise<boolean>;
  /**
   * Drops the versions before this one and the updates that were made from them, but for those named: they have ended in a round that is
   * still open. Updates made from this version or a later one stay, as the outcomes that name them may be on their way.
   */
  collect(job: string, keep: { readonly version: number; readonly updates: readonly string[] }): Promise<void>;
}
