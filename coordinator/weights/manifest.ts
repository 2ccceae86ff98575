import type { WeightsSlice } from "../../network/shared-weights.ts";
import type { UpdateHeader } from "./weights-store.ts";

/** Of a chunk, but for the last of each tensor: whole numbers of float32. Small enough to fetch little more than a slice. */
export const chunkBytes = 256 * 1024;

/** Numbers of a chunk. */
export const chunkNumbers = chunkBytes / 4;

/** Consecutive numbers of a tensor, row-major, float32, little-endian. */
export interface Chunk {
  readonly sha256: string;
  readonly bytes: number;
  /** In whose file it lies, and where. */
  readonly version: number;
  readonly offset: number;
}

/** A tensor of a version. */
export interface StoredTensor extends WeightsSlice {
  readonly chunks: readonly Chunk[];
  /** Those of the version before, where the next merge may repeat a share of the change; empty where it may not. */
  readonly before: readonly Chunk[];
}

/** What the file of a version says of it. */
export interface Manifest {
  readonly job: string;
  readonly version: number;
  /** Hash of what it was made from, but for its base. */
  readonly recipe: string;
  /** Hash of all that it and its base were made from: the identity of the version. */
  readonly origin: string;
  readonly tensors: readonly StoredTensor[];
}

/** What the file of an update says of it; its bytes are those of `UpdateHeader`, from the file's beginning. */
export interface StoredUpdate extends Pick<UpdateHeader, "slices" | "precision" | "sha256"> {
  readonly job: string;
}
