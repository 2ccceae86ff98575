import type { SupernetEvaluation } from "../../../network/evaluation.ts";
import { parseSpec } from "../../../spec/parse-spec.ts";
import { resolveSpec } from "../../../spec/resolve-spec.ts";
import { figure } from "../markdown-table.ts";
import type { ScoredDraw } from "./landscape.ts";
import { runLocally } from "./local-job.ts";
import { LocalWeights } from "./local-weights.ts";
import { mean, tauInterval } from "./statistics.ts";
import { randomNetworks, sharedTraining, trainOften, type Bench } from "./trainings.ts";

/** Draws that only train the shared weights, uniform. */
const draws = 6000;
const seed = 1;

/** A network by the shared weights and by its own. */
interface Ranked {
  readonly arms: readonly number[];
  /** On the whole validation part, statistics taken anew. */
  readonly accuracy: number;
  readonly loss: number;
}

/** Shared weights that were trained by uniform draws, and how they score the random networks. */
interface RankedByShared {
  readonly draws: readonly ScoredDraw[];
  readonly ranked: readonly Ranked[];
  /** Of the draws. */
  readonly seconds: number;
}

/** Trains shared weights by uniform draws, and has them score the random networks. */
export async function trainShared({ worker, records, space, print }: Bench): Promise<RankedByShared> {
  return records.keep(`ranking-${draws}`, async () => {
    const stages = [{ name: "weights", slots: "factorized", until: { trials: draws }, weightsOnly: true }];
    const evaluator = { supernet: sharedTraining };
    const resolved = resolveSpec(
      parseSpec({ space: space.name, evaluator, stages, budget: { trials: draws }, seed }),
      new Map(),
    );
    const weights = new LocalWeights();
    const { result, trials, searchSeconds } = await runLocally(resolved, { worker, weights });
    print(`${draws} draws: ${figure(searchSeconds)} s`);
    const evaluation: SupernetEvaluation = {
      type: "supernet",
      seed,
      dataset: "fashion-mnist",
      version: result.supernet?.version ?? 0,
      localSteps: 0,
      batch: 64,
      learningRate: 1,
      weightDecay: 0,
      validationSeed: seed,
      evalExamples: 0,
      precision: "float32",
    };
    const ranked: Ranked[] = [];
    for (const arms of randomNetworks(space)) {
      const graph = space.supernet?.().decode(arms);
      if (graph === undefined) throw new Error(`${space.name} has no networks that share weights`);
      const { accuracy, loss = NaN } = await worker.evaluate(graph, evaluation, weights);
      ranked.push({ arms, accuracy, loss });
    }
    const scored = trials.flatMap(({ trial: { arms, round, role }, measurement: { loss = NaN } }) =>
      role === "search" ? [{ arms, round, loss }] : [],
    );
    return { draws: scored, ranked, seconds: searchSeconds };
  });
}

/**
 * How well shared weights, trained on uniform draws only, rank 100 random networks: Kendall's tau-b of their scores on the validation part with
 * the mean accuracies on the test part of three trainings of their own.
 */
export async function rankNetworks(bench: Bench): Promise<void> {
  const { space, print } = bench;
  const { ranked } = await trainShared(bench);
  const alone: number[] = [];
  for (const { arms } of ranked) alone.push(await trainOften(bench, arms));
  const tau = (name: string, scores: readonly number[]): void => {
    const { value, low, high } = tauInterval(scores, alone);
    print(`tau-b by ${name}: ${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`);
  };
  const accuracies = ranked.map(({ accuracy }) => accuracy);
  print(`mean accuracy: ${figure(100 * mean(accuracies))}% shared, ${figure(100 * mean(alone))}% alone`);
  tau("accuracy by the shared weights", accuracies);
  tau(
    "log-likelihood by the shared weights",
    ranked.map(({ loss }) => -loss),
  );
  tau(
    "MACs",
    ranked.map(({ arms }) => space.cost(arms)?.macs ?? NaN),
  );
}
