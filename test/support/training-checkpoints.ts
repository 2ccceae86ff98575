import type { Checkpoints, TakenCheckpoint } from "../../worker/checkpoint/checkpoints.ts";
import type { EvaluationContext, SharedWeights } from "../../worker/evaluator/evaluator.ts";

/** The checkpoints of an evaluation in memory: resumes from what it is given, and takes one at every turn of the event loop. */
export class MemoryCheckpoints implements Checkpoints {
  /** Of each step once, in order. */
  readonly taken: TakenCheckpoint[] = [];
  /** Why the one given was not used. */
  refusal: string | null = null;
  readonly #given: Uint8Array | null;
  readonly #maxTaken: number;

  constructor(given: Uint8Array | null = null, maxTaken = 0) {
    this.#given = given;
    this.#maxTaken = maxTaken;
  }

  resume<T>(read: (bytes: Uint8Array) => T): Promise<T | null> {
    try {
      return Promise.resolve(this.#given === null ? null : read(this.#given));
    } catch (error) {
      this.refusal = (error as Error).message;
      return Promise.resolve(null);
    }
  }

  offer(take: () => Promise<TakenCheckpoint>): () => void {
    let isOpen = true;
    const takeNext = (): void => {
      if (!isOpen || this.taken.length >= this.#maxTaken) return;
      void take().then((checkpoint) => {
        if (checkpoint.step !== this.taken.at(-1)?.step) this.taken.push(checkpoint);
        setImmediate(takeNext);
      });
    };
    setImmediate(takeNext);
    return () => (isOpen = false);
  }
}

const refuse = () => Promise.reject(new Error("no weights here"));

/** The shared weights of a job that has none. */
export const noWeights: SharedWeights = { fetch: refuse, put: refuse };

/** What an evaluation is given where it needs nothing but a signal. */
export function contextOf(
  signal: AbortSignal = new AbortController().signal,
  checkpoints: Checkpoints = new MemoryCheckpoints(),
): EvaluationContext {
  return {
    trial: "projects/default/jobs/j/trials/1",
    signal,
    fetchFile: () => Promise.reject(new Error("no files here")),
    checkpoints,
    weights: noWeights,
    keepWeights: () => Promise.reject(new Error("nowhere to keep weights")),
    wait: (what) => what,
    computed: () => undefined,
  };
}
