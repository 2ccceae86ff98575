/** Something that is to happen at a moment of virtual time. */
export interface Due {
  readonly atMs: number;
  /** Among what is due at the same moment, the lower goes first. */
  readonly order: number;
  readonly run: () => void;
  /** What is cancelled stays in the queue and does nothing. */
  isCancelled: boolean;
}

/** What is to happen, the earliest first: a binary heap. */
export class EventQueue {
  private readonly heap: Due[] = [];

  /** The earliest; undefined where there is none. */
  get first(): Due | undefined {
    return this.heap[0];
  }

  push(due: Due): void {
    const { heap } = this;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(due, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = due;
  }

  /** Removes the earliest and returns it; undefined where there is none. */
  pop(): Due | undefined {
    const { heap } = this;
    const [first] = heap;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.sink(last);
    return first;
  }

  private sink(due: Due): void {
    const { heap } = this;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, due)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = due;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs === b.atMs ? a.order < b.order : a.atMs < b.atMs;
}
