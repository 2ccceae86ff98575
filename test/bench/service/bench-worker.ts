import { setTimeout as pause } from "node:timers/promises";
import { pino } from "pino";
import type { Coordinator } from "../../../worker/client/coordinator.ts";
import { FileSource } from "../../../worker/client/file-source.ts";
import { systemTimers } from "../../../worker/client/timers.ts";
import type { Evaluator } from "../../../worker/evaluator/evaluator.ts";
import { Runner } from "../../../worker/runner.ts";

/** An evaluator that takes its time and makes the accuracy up from the evaluation's seed. @param takesMs 0 for no time at all */
function madeUp(takesMs: number): Evaluator {
  return {
    name: "tabular",
    async evaluate(_network, { seed }, { signal }) {
      if (takesMs > 0) await pause(takesMs, undefined, { signal });
      return { accuracy: seed / 2 ** 32, steps: 1, extra: {} };
    },
  };
}

/** A real worker but for its evaluator: connects again by itself, keeps its leases, sends outcomes until they are acknowledged. */
export function benchWorker(workerId: string, coordinator: Coordinator, evaluationMs: number): Runner {
  const evaluators = [madeUp(evaluationMs)];
  return new Runner({
    registration: { workerId, host: "bench", backend: "none", evaluators: ["tabular"] },
    evaluators,
    coordinator,
    files: new FileSource(coordinator, systemTimers, Math.random),
    timers: systemTimers,
    random: Math.random,
    logger: pino({ level: "silent" }),
  });
}
