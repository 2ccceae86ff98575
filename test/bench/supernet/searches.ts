import { parseSpec } from "../../../spec/parse-spec.ts";
import { resolveSpec } from "../../../spec/resolve-spec.ts";
import { figure } from "../markdown-table.ts";
import { runLocally } from "./local-job.ts";
import { LocalWeights } from "./local-weights.ts";
import { sharedTraining, trainingSteps, type Bench } from "./trainings.ts";

/** Training steps of each search. */
const searchSteps = 6000;
/** Of which a stand-alone trial has so many, much as in examples/fashion-mnist-long.yaml; that leaves 60 trials. */
const aloneSteps = 100;
/** The published number of draws in a round that does not adapt. */
const fixedDraws = 14;

const draws = searchSteps / sharedTraining.localSteps;
const third = draws / 3;
const common = { space: "mbconv-small", cost: { macs: 1e6 } };
const supernet = {
  ...common,
  evaluator: { supernet: sharedTraining },
  budget: { trials: draws },
  final: { steps: trainingSteps, learningRate: 0.05, from: "slice" },
};
const warmUp = { name: "warm-up", slots: "factorized", until: { trials: third }, weightsOnly: true };

/** Every search that the studies run, as a spec without its seed. What a supernet's spec does not say is its default: coarse to fine, K by the entropy. */
const searches = {
  supernet,
  "coarse only": { ...supernet, stages: [warmUp, { name: "coarse", slots: "factorized", until: {} }] },
  "fine only": { ...supernet, stages: [warmUp, { name: "fine", slots: "block", until: {} }] },
  [`K = ${fixedDraws}`]: { ...supernet, algorithm: { name: "fp-nas", kMin: fixedDraws, kMax: fixedDraws } },
  "stand-alone": {
    ...common,
    evaluator: { train: { dataset: "fashion-mnist", steps: aloneSteps, evalExamples: 0 } },
    budget: { trials: searchSteps / aloneSteps },
  },
};

/** What a search has found, and how it went. */
export interface Winner {
  readonly arms: readonly number[];
  /** On the validation part, as the search measured it. */
  readonly accuracy: number;
  /** On the test part, after a training that began with its slice of the shared weights; null of trials that train alone. */
  readonly fromSlice: number | null;
  /** Of the search's trainings. */
  readonly steps: number;
  readonly seconds: number;
  readonly rounds: number;
  /** Of the last round. */
  readonly draws: number;
  /** Of the final distribution, in nats. */
  readonly entropy: number;
}

/** Runs a search of 6,000 training steps, or tells what it found before. */
export async function searchFor(
  { worker, records, print }: Bench,
  way: keyof typeof searches,
  seed: number,
): Promise<Winner> {
  return records.keep(`winner-${way.replaceAll(/[ =]+/g, "-")}-${seed}`, async () => {
    const resolved = resolveSpec(parseSpec({ ...searches[way], seed }), new Map());
    const { result, state, rounds, trials, seconds } = await runLocally(resolved, {
      worker,
      weights: new LocalWeights(),
    });
    const search = trials.filter(({ trial }) => trial.role === "search");
    const steps = search.reduce((sum, { measurement }) => sum + measurement.steps, 0);
    const final = result.finals.find(({ role }) => role === "finalAnswer")?.outcome;
    print(`seed ${seed}, ${way}: ${figure(seconds)} s for ${steps} steps`);
    const { arms, measurement } = result.answer;
    return {
      arms,
      accuracy: measurement.accuracy,
      fromSlice: final?.type === "completed" ? final.measurement.accuracy : null,
      steps,
      seconds,
      rounds: rounds.length,
      draws: rounds.at(-1)?.draws ?? 0,
      entropy: state.endedStages.at(-1)?.entropyEnd ?? NaN,
    };
  });
}
