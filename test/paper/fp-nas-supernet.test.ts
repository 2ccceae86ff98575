import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { decodeWeights } from "../../network/weights-codec.ts";
import { searchContext } from "../../coordinator/search/context.ts";
import { marginals } from "../../coordinator/search/distribution.ts";
import { createSearch, type JobState } from "../../coordinator/search/job.ts";
import { hinge } from "../../coordinator/search/reward.ts";
import type { Command, PlannedTrial, SearchSpec } from "../../coordinator/search/types.ts";
import { MemoryWeights } from "../support/memory-weights.ts";
import { PublishedDistribution, softmax } from "../support/published-updates.ts";
import { testSpec } from "../support/search-spaces.ts";
import { fetchBytes } from "../support/weights-bytes.ts";
import { toyBatch, toyLoss, toySlices, toySpace } from "../support/toy-supernet.ts";

const job = "toy";
const rounds = 20;
const draws = 6;
const rate = 0.2;
const temperature = 20;
const adam = { learningRate: 0.025, beta1: 0.9, beta2: 0.999 };
const cost = { macs: 21, beta: 0.3 };
const tensors = toySpace.supernet!().tensors;

const spec: SearchSpec = testSpec("fp-nas", {
  settings: { lambda: 1, kMin: draws, kMax: draws, weights: "published", temperature, ...adam },
  supernet: { merge: "likelihood", staleness: 0 },
  cost,
  noisy: true,
  budget: { trials: rounds * draws, wallMs: null },
});

const validation = (round: number) => toyBatch(`validation/${round}`, 24);
const train = (trial: number) => toyBatch(`train/${trial}`, 16);

/** The two updates of PARSEC and FP-NAS (papers, eq. 7) over whole tensors in one process, with the draws as given. */
class Reference {
  readonly weights: Map<string, number[]>;
  readonly distribution = new PublishedDistribution(
    toySpace.choices.map(({ arms }) => arms.length),
    { temperature, beta: cost.beta, ...adam },
  );

  constructor(first: ReadonlyMap<string, Float32Array>) {
    this.weights = new Map([...first].map(([name, values]) => [name, [...values]]));
  }

  round(number: number, trials: readonly Pick<PlannedTrial, "trial" | "arms">[]): void {
    const likelihoods = trials.map(({ arms }) => -toyLoss(arms, this.slice(arms), validation(number)).loss);
    const gradients = trials.map(({ trial, arms }) => toyLoss(arms, this.slice(arms), train(trial)));
    this.distribution.learn(
      trials.map(({ arms }, k) => ({
        arms,
        logLikelihood: likelihoods[k]!,
        hinge: hinge(toySpace.cost(arms), cost)!,
      })),
    );
    const parts = softmax(gradients.map(({ loss }) => -loss));
    gradients.forEach(({ gradient }, k) => {
      toySlices(trials[k]!.arms).forEach(({ tensor }, part) => {
        const places = this.places(tensor, trials[k]!.arms);
        gradient[part]!.forEach((slope, place) => {
          this.weights.get(tensor)![places[place]!]! -= rate * parts[k]! * slope;
        });
      });
    });
  }

  private slice(arms: readonly number[]): number[][] {
    return toySlices(arms).map(({ tensor }) =>
      this.places(tensor, arms).map((place) => this.weights.get(tensor)![place]!),
    );
  }

  /** Where the numbers of a slice stand in the whole tensor: the hidden layer's columns, the output layer's rows. */
  private places(tensor: string, arms: readonly number[]): number[] {
    const { shape } = toySlices(arms).find((slice) => slice.tensor === tensor)!;
    const whole = tensors.find((each) => each.tensor === tensor)!.shape;
    const [columns = 1, stride = 1] = [shape.at(-1), whole.at(-1)];
    const rows = shape.slice(0, -1).reduce((product, side) => product * side, 1);
    return Array.from({ length: rows * columns }, (_, n) => Math.floor(n / columns) * stride + (n % columns));
  }
}

/** What a worker does with a draw and L = 1, in the float32 that weights travel in. */
async function work(weights: MemoryWeights, { trial, arms, round }: PlannedTrial) {
  const slices = toySlices(arms);
  const given = decodeWeights(await fetchBytes(weights, job, round, slices), slices, "float32");
  const { loss } = toyLoss(arms, given, validation(round));
  const { loss: trainLoss, gradient } = toyLoss(arms, given, train(trial));
  const changes = gradient.flatMap((part) => part.map((slope) => -rate * slope));
  const bytes = new Uint8Array(new Float32Array(changes).buffer);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const chunks = async function* () {
    yield await Promise.resolve(bytes);
  };
  await weights.putUpdate(job, { trial, version: round, slices, precision: "float32", sha256 }, chunks());
  return { accuracy: 0, loss, trainLoss, steps: 1, extra: {}, update: { sha256, sizeBytes: bytes.byteLength } };
}

describe("a search over shared weights with one local step", () => {
  test("learns what one process does that makes the two published updates by itself, for 20 rounds", async () => {
    const search = createSearch(spec, toySpace);
    const weights = new MemoryWeights();
    const trials: PlannedTrial[] = [];
    let state: JobState = search.init(5);
    let commands: readonly Command[];
    [state, commands] = search.step(state, { type: "jobStarted", atMs: 0 });
    for (const queue = [...commands]; queue.length > 0 && state.phase === "searching";) {
      const command = queue.shift()!;
      if (command.type === "mergeWeights") {
        const { round, updates } = command;
        await weights.merge(job, { round, updates, tensors, seed: 5, momentum: 0 });
        [state, commands] = search.step(state, { type: "weightsMerged", version: round + 1 });
        queue.push(...commands);
      }
      for (const trial of command.type === "createTrials" ? command.trials : []) {
        trials.push(trial);
        const measurement = await work(weights, trial);
        [state, commands] = search.step(state, { type: "trialCompleted", trial: trial.trial, measurement });
        queue.push(...commands);
      }
    }
    expect(trials).toHaveLength(rounds * draws);

    const reference = new Reference(weights.versions.get(`${job} 1`)!);
    for (let round = 1; round <= rounds; round++) {
      reference.round(
        round,
        trials.filter((trial) => trial.round === round),
      );
    }
    const { algorithm } = searchContext(spec, toySpace);
    const learned = marginals(algorithm.distribution(state.algorithm)).flat();
    const expected = reference.distribution.probabilities.flat();
    expect(Math.max(...expected.map((p) => Math.abs(p - 1 / 2)))).toBeGreaterThan(0.1);
    learned.forEach((p, place) => expect(Math.abs(p - expected[place]!)).toBeLessThan(1e-5));
    const [first, last] = [weights.versions.get(`${job} 1`)!, weights.versions.get(`${job} ${rounds + 1}`)!];
    for (const [name, values] of last) {
      values.forEach((value, place) =>
        expect(Math.abs(value - reference.weights.get(name)![place]!)).toBeLessThan(1e-5),
      );
      expect(Math.max(...values.map((value, place) => Math.abs(value - first.get(name)![place]!)))).toBeGreaterThan(
        0.01,
      );
    }
  });
});
