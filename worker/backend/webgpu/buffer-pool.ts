/** What tfjs asks of its store of GPU buffers. */
export interface BufferStore {
  readonly numBytesUsed: number;
  readonly numBytesAllocated: number;
  acquireBuffer(size: number, usage: number, mappedAtCreation?: boolean, reuse?: boolean): GPUBuffer;
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
  getNumUsedBuffers(): number;
  getNumFreeBuffers(): number;
  dispose(): void;
}

/**
 * A training step releases every byte that it has allocated at least once. A buffer that lay idle while so many times the allocated bytes
 * were released is of a network whose training is over.
 */
const staleAfterRounds = 8;

/**
 * GPU buffers for use and use again, in place of tfjs's own store. That one keeps every buffer there ever was for the next of exactly its
 * size: over a search, each network of which has sizes of its own, it fills the GPU. This one destroys what some training steps in a row had no use for.
 */
export class BufferPool implements BufferStore {
  numBytesUsed = 0;
  numBytesAllocated = 0;
  readonly #device: GPUDevice;
  readonly #used = new Set<GPUBuffer>();
  /** Idle buffers by size and usage, the latest released last. */
  readonly #free = new Map<string, GPUBuffer[]>();
  /** Idle buffers with the bytes that had been released when they were, the earliest first. */
  readonly #idleSince = new Map<GPUBuffer, number>();
  #releasedBytes = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  acquireBuffer(size: number, usage: number, mappedAtCreation = false, reuse = true): GPUBuffer {
    let buffer = reuse ? this.#free.get(keyOf(size, usage))?.pop() : undefined;
    if (buffer === undefined) {
      buffer = this.#device.createBuffer({ size, usage, mappedAtCreation });
      this.numBytesAllocated += size;
    }
    this.#idleSince.delete(buffer);
    this.#used.add(buffer);
    this.numBytesUsed += size;
    return buffer;
  }

  releaseBuffer(buffer: GPUBuffer, reuse = true): void {
    // Tensors may outlive a store that was disposed.
    if (!this.#used.delete(buffer)) return;
    this.numBytesUsed -= buffer.size;
    if (!reuse) {
      this.#destroy(buffer);
      return;
    }
    const key = keyOf(buffer.size, buffer.usage);
    const others = this.#free.get(key);
    if (others === undefined) this.#free.set(key, [buffer]);
    else others.push(buffer);
    this.#releasedBytes += buffer.size;
    this.#idleSince.set(buffer, this.#releasedBytes);
    this.#destroyStale();
  }

  getNumUsedBuffers(): number {
    return this.#used.size;
  }

  getNumFreeBuffers(): number {
    return this.#idleSince.size;
  }

  dispose(): void {
    for (const buffer of [...this.#used, ...this.#idleSince.keys()]) this.#destroy(buffer);
    this.#used.clear();
    this.#free.clear();
    this.#idleSince.clear();
    this.numBytesUsed = 0;
  }

  #destroyStale(): void {
    for (const [buffer, since] of this.#idleSince) {
      if (this.#releasedBytes - since <= staleAfterRounds * this.numBytesAllocated) return;
      this.#idleSince.delete(buffer);
      const key = keyOf(buffer.size, buffer.usage);
      const alike = this.#free.get(key)?.filter((other) => other !== buffer) ?? [];
      if (alike.length === 0) this.#free.delete(key);
      else this.#free.set(key, alike);
      this.#destroy(buffer);
    }
  }

  #destroy(buffer: GPUBuffer): void {
    buffer.destroy();
    this.numBytesAllocated -= buffer.size;
  }
}

const keyOf = (size: number, usage: number): string => `${size}_${usage}`;
