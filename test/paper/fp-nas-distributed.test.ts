import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import { sharedSlices } from "../../network/shared-weights.ts";
import type { Graph } from "../../network/types.ts";
import { parseMbconvDefinition } from "../../coordinator/search/space/mbconv-definition.ts";
import { mbconvSpace } from "../../coordinator/search/space/mbconv-space.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { trainingBatches, type Batch } from "../../worker/data/batches.ts";
import type { Dataset, Examples } from "../../worker/data/dataset.ts";
import { loadDataset } from "../../worker/data/load-dataset.ts";
import { collect } from "../support/client-bench.ts";
import { PublishedDistribution, softmax } from "../support/published-updates.ts";
import { ReferenceSupernet } from "../support/reference-supernet.ts";
import { smallSpace, SupernetJobBench } from "../support/supernet-job.ts";
import { placesOf, type Tensors } from "../support/supernet-weights.ts";

const rounds = 20;
const draws = 6;
const seed = 5;
const batch = 16;
const validationExamples = 32;
const peak = 0.05;
const weightDecay = 1e-3;
const macs = 60_000;
const beta = 0.3;
const published = { temperature: 20, learningRate: 0.025, beta1: 0.9, beta2: 0.999 };
const trials = rounds * draws;

const spec = {
  algorithm: { name: "fp-nas", kMin: draws, kMax: draws, ...published },
  evaluator: {
    supernet: {
      dataset: "mnist",
      localSteps: 1,
      batch,
      learningRate: peak,
      weightDecay,
      validationExamples,
      momentum: 0,
    },
  },
  stages: [{ name: "coarse", slots: "factorized" }],
  cost: { macs, beta },
  budget: { trials },
  seed,
};

const space = mbconvSpace(parseMbconvDefinition(smallSpace));
const supernet = space.supernet!();

/** Seeds of batches, as the job's seed gives them. */
const seedOf = (name: string) => createHash("sha256").update(name).digest().readUInt32BE(0);

interface Draw {
  readonly trial: number;
  readonly arms: readonly number[];
}

/**
 * The two updates of PARSEC and FP-NAS in one process: whole tensors, automatic differentiation, nothing of the search's, the coordinator's or
 * the worker's own but which batch a seed means.
 */
class Reference {
  readonly weights: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float64Array }>;
  readonly distribution = new PublishedDistribution(
    space.choices.map(({ arms }) => arms.length),
    { ...published, beta },
  );
  private readonly dataset: Dataset;

  constructor(first: Tensors, dataset: Dataset) {
    this.weights = new Map(
      [...first].map(([name, { shape, values }]) => [name, { shape, values: Float64Array.from(values) }]),
    );
    this.dataset = dataset;
  }

  round(number: number, sampled: readonly Draw[]): void {
    const { validation, train } = this.dataset;
    const model = new ReferenceSupernet(
      new Map(
        [...this.weights].map(([name, { shape, values }]) => [name, { shape, values: Float32Array.from(values) }]),
      ),
    );
    const scored = sampled.map(({ trial, arms }) => {
      const graph = supernet.decode(arms);
      const likelihood = this.on(validation, validationExamples, `validation/${seed}/${number}`, (images, labels) =>
        meanLogLikelihood(model.logits(graph, images), labels),
      );
      return this.on(train, batch, `evaluation/${seed}/${trial}`, (images, labels) => {
        const { logits, gradients } = model.run(graph, images, tf.tensor1d([...labels], "int32"));
        return {
          likelihood,
          trainLikelihood: meanLogLikelihood(logits, labels),
          gradients,
          touched: this.touchedBy(graph),
        };
      });
    });
    model.dispose();
    this.distribution.learn(
      sampled.map(({ arms }, k) => ({
        arms,
        logLikelihood: scored[k]!.likelihood,
        hinge: Math.max(0, space.cost(arms)!.macs! / macs - 1),
      })),
    );
    const parts = softmax(scored.map(({ trainLikelihood }) => trainLikelihood));
    const before = new Map([...this.weights].map(([name, { values }]) => [name, values.slice()]));
    scored.forEach(({ gradients, touched }, k) => {
      const rate = (peak * (1 + Math.cos((Math.PI * (sampled[k]!.trial - 1)) / trials))) / 2;
      for (const [name, places] of touched) {
        const { values } = this.weights.get(name)!;
        const start = before.get(name)!;
        const decay = /(scale|shift|bias)$/.test(name) ? 0 : weightDecay;
        for (const place of places) {
          const slope = gradients.get(name)![place]! + decay * start[place]!;
          values[place]! -= rate * parts[k]! * slope;
        }
      }
    });
  }

  private on<T>(
    examples: Examples,
    size: number,
    name: string,
    use: (images: tf.Tensor4D, labels: readonly number[]) => T,
  ): T {
    const { images, labels, count } = trainingBatches(this.dataset, examples, size, seedOf(name), 0).next()
      .value as Batch;
    const tensor = tf.tensor4d(images, [count, 28, 28, 1]);
    try {
      return use(tensor, [...labels]);
    } finally {
      tensor.dispose();
    }
  }

  /** Places of each whole tensor that a network has a part in. */
  private touchedBy(graph: Graph): readonly (readonly [string, readonly number[]])[] {
    return sharedSlices(graph).map(({ tensor, shape }) => [tensor, placesOf(this.weights.get(tensor)!.shape, shape)]);
  }
}

function meanLogLikelihood(logits: readonly number[], labels: readonly number[]): number {
  const classes = logits.length / labels.length;
  const likelihoods = labels.map((label, row) => {
    const values = logits.slice(row * classes, (row + 1) * classes);
    const most = Math.max(...values);
    return values[label]! - most - Math.log(values.reduce((total, value) => total + Math.exp(value - most), 0));
  });
  return likelihoods.reduce((total, value) => total + value, 0) / labels.length;
}

const bench = new SupernetJobBench();
beforeAll(() => bench.start());
afterAll(() => bench.close());

test("a coordinator and a worker over the wire learn in 20 rounds what one process does that makes the two published updates", async () => {
  const whole = await loadDataset("mnist");
  // Finalists are scored by the whole validation part, which plays no part here.
  const { validation } = whole;
  const dataset = { ...whole, validation: { ...validation, count: 200 } };
  const name = await bench.submit("published", spec);
  const first = await bench.tensors("published", 1, supernet.tensors);
  const job = await bench.work(name, await selectBackend("wasm"), dataset);
  expect(job).toMatchObject({ state: "succeeded", result: { rounds, trials } });
  const sampled = (await collect(bench.client.listTrials(name))).filter(({ role }) => role === "search");
  expect(sampled).toHaveLength(trials);

  const reference = new Reference(first, dataset);
  for (let round = 1; round <= rounds; round += 1) {
    const drawn = sampled.slice((round - 1) * draws, round * draws);
    reference.round(
      round,
      drawn.map((trial, place) => ({ trial: (round - 1) * draws + place + 1, arms: trial.arms })),
    );
  }
  const learned = (await collect(bench.client.listRounds(name))).at(-1)!.marginals.map((of) => of.probabilities);
  const expected = reference.distribution.probabilities;
  expect(Math.max(...expected.flat().map((p) => Math.abs(p - 1 / 2)))).toBeGreaterThan(0.05);
  expect(farthest(learned.flat(), expected.flat())).toBeLessThan(1e-5);
  const last = await bench.tensors("published", rounds + 1, supernet.tensors);
  const moved = [...last].map(([tensor, { values }]) => {
    const distance = farthest(values, reference.weights.get(tensor)!.values);
    expect({ tensor, isNear: distance < 1e-5 }).toEqual({ tensor, isNear: true });
    return farthest(values, first.get(tensor)!.values);
  });
  expect(moved.filter((distance) => distance > 1e-4).length).toBeGreaterThan(last.size / 2);
});

/** The largest distance of two numbers in the same place. */
function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  return Array.from(a).reduce((most, value, place) => Math.max(most, Math.abs(value - b[place]!)), 0);
}
