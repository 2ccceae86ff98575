import type { Precision } from "../../network/evaluation.ts";
import type { TrainedWeights } from "../../network/measurement.ts";
import type { WeightsSlice } from "../../network/shared-weights.ts";
import type { CheckpointRef, LeaseKey, WorkRequest, WorkResponse } from "./lease.ts";

/** Who the worker is and what it can do: fpnas.v1.RegisterRequest, which documents each field. */
export interface Registration {
  readonly workerId: string;
  readonly host: string;
  readonly backend: string;
  readonly evaluators: readonly string[];
}

/** How the coordinator wants the worker to behave. */
export interface WorkerSettings {
  readonly leaseTtlMs: number;
  readonly heartbeatIntervalMs: number;
}

/** What a stream tells its worker. */
export interface WorkStreamEvents {
  received(response: WorkResponse): void;
  /** Once, last: the stream is over. The error is null where the coordinator ended it in order. */
  ended(error: Error | null): void;
}

/** One open Work stream. */
export interface WorkStream {
  /** Sends, or queues what the network does not take yet. Says nothing where the stream is over. */
  send(request: WorkRequest): void;
  /** Half-closes: what was sent still arrives, and the coordinator then ends the stream. */
  end(): void;
  /** Ends it now. */
  cancel(): void;
}

/** Whose checkpoint or trained weights they are, and what (fpnas.v1.CheckpointHeader). */
export type CheckpointHeader = {
  readonly workerId: string;
  readonly key: LeaseKey;
} & ({ readonly checkpoint: CheckpointRef } | { readonly weights: TrainedWeights });

/** Which slices of which weights (fpnas.v1.FetchWeightsRequest). */
export interface WeightsRequest {
  /** "projects/{project}/jobs/{job}". */
  readonly job: string;
  readonly version: number;
  readonly slices: readonly WeightsSlice[];
  readonly precision: Precision;
}

/** Whose update it is, and what of (fpnas.v1.UpdateHeader). */
export interface UpdateHeader extends Omit<WeightsRequest, "job"> {
  readonly workerId: string;
  readonly key: LeaseKey;
  /** Of the bytes, lower-case hexadecimal. */
  readonly sha256: string;
}

/** The coordinator as a worker sees it. Errors carry a gRPC status in `code`. */
export interface Coordinator {
  /** Rejects soon where nothing answers. May be repeated. */
  register(registration: Registration): Promise<WorkerSettings>;
  /** Opens a stream for the registered worker. Whether it really opens shows in its events only. */
  work(workerId: string, events: WorkStreamEvents): WorkStream;
  /** The bytes of a file by hash, not yet checked. Rejects when the signal is aborted. */
  fetchFile(sha256: string, signal: AbortSignal): Promise<Uint8Array>;
  /**
   * Resolves when the checkpoint, or the weights, are durable, or where its lease is no longer this worker's. Rejects soon where nothing answers, and when the
   * signal is aborted.
   */
  putCheckpoint(header: CheckpointHeader, bytes: Uint8Array, signal: AbortSignal): Promise<"stored" | "stale">;
  /** The bytes of slices of shared weights, checked against the hash that came with them. Rejects when the signal is aborted. */
  fetchWeights(request: WeightsRequest, signal: AbortSignal): Promise<Uint8Array>;
  /** As `putCheckpoint`, of what a trial would change of shared weights. */
  putUpdate(header: UpdateHeader, bytes: Uint8Array, signal: AbortSignal): Promise<"stored" | "stale">;
  /** Ends the connection. Streams must have ended before. */
  close(): void;
}
