import type { Evaluator } from "./evaluator.ts";

/**
 * An evaluator that is loaded by its first evaluation: a worker then registers at once, and one that never trains never loads what
 * training needs. A load that fails fails that evaluation with its error, and the next one tries again.
 */
export function createLazyEvaluator(name: Evaluator["name"], load: () => Promise<Evaluator>): Evaluator {
  let loaded: Promise<Evaluator> | undefined;
  return {
    name,
    async evaluate(network, evaluation, context) {
      loaded ??= load();
      let evaluator: Evaluator;
      try {
        evaluator = await loaded;
      } catch (error) {
        loaded = undefined;
        throw error;
      }
      return evaluator.evaluate(network, evaluation, context);
    },
    prepare(network, evaluation, context) {
      // Nothing waits for a load that fails: the evaluation itself will tell.
      loaded?.then((evaluator) => evaluator.prepare?.(network, evaluation, context)).catch(() => undefined);
    },
  };
}
