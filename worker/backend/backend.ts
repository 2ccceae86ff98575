/** The backends a worker can train on, fastest first. */
export const backendNames = ["tensorflow", "webgpu", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

/** What a backend holds at the moment. */
export interface BackendMemory {
  /** Live tensors, variables included. */
  readonly tensors: number;
  /** Bytes of the live tensors. */
  readonly tensorBytes: number;
  /** Bytes of the heap or the GPU's buffers that they lie in, idle ones included; 0 where the backend does not tell. */
  readonly heapBytes: number;
}

/** A numeric library that is loaded and in use: from here on tfjs's operations run on it. One a process. */
export interface Backend {
  readonly name: BackendName;
  /** What computes, with its version, for people: "TensorFlow 2.21.0". */
  readonly version: string;
  /** What it computes on, for people: "CPU", or a GPU's name. */
  readonly device: string;
  memory(): BackendMemory;
  /**
   * Starts the backend afresh after it ran out of memory or broke: what is left of its tensors is lost and its heap is given back
   * to the system. Does nothing where the backend's memory is the process's own. Rejects where the device cannot be opened any more; a later
   * call tries again.
   */
  restart(): Promise<void>;
}

/**
 * A backend can go on only after its `restart`: its device went away, as GPUs do when their driver is reset, or failed at something, and what was
 * computed since then means nothing.
 */
export class BackendBrokenError extends Error {
  override readonly name = "BackendBrokenError";
}

/**
 * Loads one backend, installs what training needs of it and makes it tfjs's current one; rejects with the reason it cannot. `isNamed`: the
 * user asked for this one, so it is also to be loaded where another is known to be faster.
 */
export type LoadBackend = (isNamed: boolean) => Promise<Backend>;
