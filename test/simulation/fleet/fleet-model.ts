import type { Precision } from "../../../network/evaluation.ts";
import type { FleetSpaceName } from "./fleet-space.ts";

/** One fleet and the job that it works on. */
export interface Fleet {
  readonly workers: number;
  readonly space: FleetSpaceName;
  readonly localSteps: number;
  readonly precision: Precision;
  /** How many times as fast as a CPU worker each worker computes. */
  readonly speed: number;
  /** Draws that each worker makes, on average. */
  readonly drawsPerWorker: number;
  /** The job's asynchronous rounds. */
  readonly updateAfter: number;
  readonly inFlight: number;
}

/** A message is under way for so long, in either direction. */
export const oneWayMs = 5;

/** A gigabit a second in bytes a millisecond, less a twentieth for the headers of Ethernet, IP, TCP and HTTP/2. */
export const linkBytesPerMs = 0.95 * 125_000;

/**
 * Multiply-accumulates (of one image forward) times images that a CPU worker trains a second: 651 images of 2.96 M MACs (docs/performance.md, wasm,
 * one thread). Scoring takes a third of training, for it has no gradients.
 */
export const cpuMacsPerSecond = 651 * 2.96e6;

/** What the coordinator takes for a commit (a disk's flush), and for each trial in it of its processor (docs/performance.md). */
export const commitMs = { each: 3, perTrial: 0.25 };

/** What a merge takes: reading and adding the updates, then writing and flushing the new version. */
export const mergeMs = { each: 20, perUpdateByte: 1 / 300_000, perVersionByte: 1 / 100_000 };

/** What it takes to have an update on the disk, once it has come. */
export const putMs = { each: 3, perByte: 1 / 500_000 };
