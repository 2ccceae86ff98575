import { networkCost } from "../../../network/cost.ts";
import type { SupernetEvaluation } from "../../../network/evaluation.ts";
import type { Graph } from "../../../network/types.ts";
import { precisionBytes, sliceSize } from "../../../network/weights-codec.ts";
import type { EvaluationContext, Evaluator, SharedWeights } from "../../../worker/evaluator/evaluator.ts";
import { Prefetch } from "../../../worker/evaluator/supernet/prefetch.ts";
import { slicesOf } from "../../../worker/evaluator/supernet/slices.ts";
import type { World } from "../world/world.ts";
import type { ComputeMeter } from "./compute-meter.ts";
import { cpuMacsPerSecond } from "./fleet-model.ts";
import type { FleetWire } from "./fleet-wire.ts";

/**
 * Draws of a supernet as a worker evaluates them, but for the numbers: the networks, their slices and the order of things are real.
 * @param speed How many times as fast as a CPU worker it computes.
 * @param realOf The network that a lease's is taken for.
 */
export function fleetEvaluator(
  world: World,
  wire: FleetWire,
  meter: ComputeMeter,
  speed: number,
  realOf: (graph: Graph) => Graph,
): Evaluator {
  const prefetch = new Prefetch();
  const contexts = new WeakMap<EvaluationContext, EvaluationContext>();
  const withSizes = (context: EvaluationContext, graph: Graph, evaluation: SupernetEvaluation): EvaluationContext => {
    const own = contexts.get(context) ?? { ...context, weights: sizesOf(graph, evaluation, wire) };
    contexts.set(context, own);
    return own;
  };
  return {
    name: "supernet",
    prepare(network, evaluation, context) {
      if (network.type !== "graph" || evaluation.type !== "supernet") return;
      const graph = realOf(network);
      prefetch.begin(graph, evaluation, withSizes(context, graph, evaluation));
    },
    async evaluate(leased, evaluation, context) {
      if (leased.type !== "graph" || evaluation.type !== "supernet") throw new Error("a fleet trains supernets only");
      const network = realOf(leased);
      const own = withSizes(context, network, evaluation);
      const startedMs = world.nowMs;
      await context.wait(prefetch.take(network, evaluation, own));
      const begunMs = world.nowMs;
      await meter.compute(computeMs(network, evaluation, speed));
      const computedMs = world.nowMs;
      const weightsBytes = bytesOf(network, evaluation);
      const extra = {
        ...{ waitSeconds: (begunMs - startedMs) / 1000, computeSeconds: (computedMs - begunMs) / 1000 },
        weightsBytes,
      };
      const scored = { accuracy: 0.5, loss: 1, steps: evaluation.localSteps, extra };
      if (evaluation.localSteps === 0) return scored;
      context.computed();
      const { version, precision } = evaluation;
      const update = await own.weights.put({ version, slices: slicesOf(network), precision, values: [] });
      const putSeconds = (world.nowMs - computedMs) / 1000;
      return { ...scored, trainLoss: 1, update, extra: { ...extra, putSeconds, updateBytes: update.sizeBytes } };
    },
  };
}

function sizesOf(graph: Graph, evaluation: SupernetEvaluation, wire: FleetWire): SharedWeights {
  const bytes = bytesOf(graph, evaluation);
  return {
    fetch: async () => {
      await wire.fetch(bytes);
      return [];
    },
    put: () => wire.put(bytes),
  };
}

function bytesOf(graph: Graph, { precision }: SupernetEvaluation): number {
  return slicesOf(graph).reduce((sum, slice) => sum + sliceSize(slice), 0) * precisionBytes[precision];
}

/** Training steps, and a validation batch that is scored at a third of their cost. */
function computeMs(graph: Graph, { localSteps, batch, evalExamples }: SupernetEvaluation, speed: number): number {
  const images = localSteps * batch + evalExamples / 3;
  return (1000 * images * networkCost(graph).macs) / (cpuMacsPerSecond * speed);
}
