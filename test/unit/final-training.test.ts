import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs-core";
import type { TrainEvaluation } from "../../network/evaluation.ts";
import type { Measurement } from "../../network/measurement.ts";
import type { Graph } from "../../network/types.ts";
import type { Backend } from "../../worker/backend/backend.ts";
import { selectBackend } from "../../worker/backend/select-backend.ts";
import { decodeTensors } from "../../worker/checkpoint/tensor-file.ts";
import { decodeTrained } from "../../worker/checkpoint/trained-file.ts";
import { trainingBatches } from "../../worker/data/batches.ts";
import type { EvaluationContext, SlicesRequest } from "../../worker/evaluator/evaluator.ts";
import { learningRateAt } from "../../worker/evaluator/learning-rate.ts";
import { createTrainEvaluator } from "../../worker/evaluator/train.ts";
import { loadTrained } from "../../worker/evaluator/trained-weights.ts";
import { buildModel } from "../../worker/model/model.ts";
import { createMomentum } from "../../worker/model/momentum.ts";
import { trainingStep } from "../../worker/model/training-step.ts";
import { expectNoTensorLeft } from "../support/tensor-leaks.ts";
import { contextOf, MemoryCheckpoints } from "../support/training-checkpoints.ts";
import { tinyDataset, tinyNetwork, tinyTraining } from "../support/training-networks.ts";

const dataset = tinyDataset({ train: 60, validation: 30, test: 30 });
const recipe = { labelSmoothing: 0.1, augment: true, averageDecay: 0.9 };
const final: TrainEvaluation = { ...tinyTraining, part: "test", keepWeights: true, recipe };

/** The tiny network, as a slice of a supernet. */
const sliced: Graph = {
  ...tinyNetwork,
  layers: tinyNetwork.layers.map((layer, index) =>
    layer.type === "globalPool" ? layer : { ...layer, sharedWeights: `block${index}` },
  ),
};

let backend: Backend;
let teacher: Uint8Array;

/** A final training: what it measured, and the weights that it kept. */
async function train(
  network: Graph,
  changes: Partial<TrainEvaluation>,
  { teaching = teacher, checkpoints = new MemoryCheckpoints(), requests = [] as SlicesRequest[], of = dataset } = {},
): Promise<{ readonly measurement: Measurement; readonly kept: Uint8Array }> {
  let kept = new Uint8Array();
  const context: EvaluationContext = {
    ...contextOf(undefined, checkpoints),
    fetchFile: (sha256) => (sha256 === "t".repeat(64) ? Promise.resolve(teaching) : Promise.reject(new Error("none"))),
    keepWeights: (bytes) => {
      kept = new Uint8Array(bytes);
      return Promise.resolve({ sha256: "a".repeat(64), sizeBytes: bytes.length });
    },
    weights: {
      // Of each tensor the numbers .01, .02, ..
      fetch: (request) => {
        requests.push(request);
        const sizes = request.slices.map(({ shape }) => shape.reduce((product, side) => product * side, 1));
        return Promise.resolve(
          sizes.map((size) => Float32Array.from({ length: size }, (_, place) => (place % 50) / 100)),
        );
      },
      put: () => Promise.reject(new Error("nothing is sent back")),
    },
  };
  const evaluator = createTrainEvaluator({ backend, loadDataset: () => Promise.resolve(of) });
  return { measurement: await evaluator.evaluate(network, { ...final, ...changes }, context), kept };
}

const taught = { teacher: "t".repeat(64) };
const figuresOf = ({ accuracy, loss, steps }: Measurement) => ({ accuracy, loss, steps });

beforeAll(async () => {
  backend = await selectBackend("wasm");
  teacher = (await train(tinyNetwork, { seed: 5, steps: 30 })).kept;
});
expectNoTensorLeft();

describe("a final training from a slice", () => {
  test("begins with the slices of the version that it is told, and keeps weights that name nothing shared", async () => {
    const requests: SlicesRequest[] = [];
    const plain = { ...recipe, averageDecay: 0 };
    const { kept } = await train(sliced, { steps: 0, startVersion: 7, recipe: plain }, { requests });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ version: 7, precision: "float32" });
    expect(requests[0]!.slices[0]).toEqual({ tensor: "block0/conv3", shape: [3, 3, 1, 6] });
    const { graph, tensors } = decodeTrained(kept);
    expect(graph).toEqual(tinyNetwork);
    expect(tensors[0]!.name).toBe("0/conv3");
    expect([...tensors[0]!.values.slice(0, 3)]).toEqual([...Float32Array.of(0, 0.01, 0.02)]);
  });

  test("from scratch asks for no slices", async () => {
    const requests: SlicesRequest[] = [];
    await train(tinyNetwork, { steps: 1 }, { requests });
    expect(requests).toEqual([]);
  });
});

describe("a final training with a teacher", () => {
  test("makes the steps of the distilled loss, on images as varied, from a teacher that infers by its own statistics", async () => {
    const plain = { ...recipe, averageDecay: 0 };
    const { kept } = await train(tinyNetwork, { ...taught, steps: 3, recipe: plain });
    const [model, master] = [buildModel(tinyNetwork, final.seed), buildModel(tinyNetwork, 0)];
    loadTrained(master, decodeTrained(teacher));
    const optimizer = createMomentum(model.parameters, 0.9, final.weightDecay);
    let step = 0;
    for (const batch of trainingBatches(dataset, dataset.trainAndValidation, final.batch, final.seed, 0, true)) {
      if (step === 3) break;
      const images = tf.tensor4d(batch.images, [final.batch, 6, 6, 1]);
      const labels = tf.tensor1d(batch.labels, "int32");
      const rate = learningRateAt(step, 3, final.learningRate);
      const objective = { smoothing: 0.1, teacher: master };
      tf.dispose([trainingStep(model, optimizer, images, labels, rate, objective), images, labels]);
      step += 1;
    }
    const weights = model.variables.map((variable) => [...variable.dataSync()]);
    const { tensors } = decodeTrained(kept);
    const learned = tensors.filter(({ name }) => !/\/(mean|variance)$/.test(name)).map(({ values }) => [...values]);
    expect(learned).toEqual(weights);
    optimizer.dispose();
    model.dispose();
    master.dispose();
  });

  test("measures the same, bit for bit, with averaged weights and from a slice, from whichever of its steps it goes on", async () => {
    const settings = { ...taught, startVersion: 2 };
    const watched = new MemoryCheckpoints(null, Infinity);
    const undisturbed = await train(sliced, settings, { checkpoints: watched });
    expect(watched.taken).toHaveLength(final.steps);
    for (const { step, bytes } of watched.taken.filter((_, index) => index % 3 === 0)) {
      const resumed = await train(sliced, settings, { checkpoints: new MemoryCheckpoints(bytes) });
      expect(resumed.measurement.extra["resumedAtStep"]).toBe(step);
      expect(figuresOf(resumed.measurement)).toEqual(figuresOf(undisturbed.measurement));
      expect(Buffer.compare(resumed.kept, undisturbed.kept)).toBe(0);
    }
  });

  test("does not go on from a checkpoint of another teacher, or of another start", async () => {
    const watched = new MemoryCheckpoints(null, 1);
    await train(sliced, { ...taught, startVersion: 2 }, { checkpoints: watched });
    const { bytes } = watched.taken[0]!;
    expect(decodeTensors(bytes).metadata["evaluation"]).toContain(taught.teacher);
    for (const changes of [{ startVersion: 2 }, { ...taught, startVersion: 3 }, taught]) {
      const checkpoints = new MemoryCheckpoints(bytes);
      await train(sliced, { ...changes, steps: final.steps }, { checkpoints });
      expect(checkpoints.refusal).toMatch("its evaluation is ");
    }
  });

  test.each([
    ["is no file of weights", (bytes: Uint8Array) => bytes.subarray(0, 100), dataset, "The teacher cannot be used: "],
    [
      "learned another data set",
      (bytes: Uint8Array) => bytes,
      { ...dataset, name: "other" },
      "The teacher learned tiny, not other.",
    ],
  ] as const)("fails as infeasible where the teacher %s", async (_, damage, of, message) => {
    const failure = train(tinyNetwork, taught, { teaching: damage(teacher), of });
    await expect(failure).rejects.toMatchObject({ reason: "infeasible", message: expect.stringContaining(message) });
  });
});
