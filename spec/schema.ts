import { z } from "zod";
import { algorithms } from "../coordinator/search/algorithm/registry.ts";
import { shippedSpaces } from "../coordinator/search/space/registry.ts";
import { commandSchema } from "./command-schema.ts";
import { datasetNames } from "./datasets.ts";
import { defaults } from "./defaults.ts";
import { maxCount } from "./json-schema.ts";

const count = (min: number) => z.int().min(min).max(maxCount);

/** Names of jobs: what the id of a job may hold. */
export const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Ids of jobs, as a coordinator gives and takes them. */
const jobIdPattern = /^[a-z][a-z0-9-]{0,62}$/;

const stage = z.strictObject({
  name: z.string().min(1).max(63).describe("Unique among the stages; any but `final`."),
  slots: z
    .enum(["factorized", "block"])
    .describe("`factorized`: one categorical a choice; `block`: one joint categorical for each block of choices."),
  until: z
    .strictObject({
      entropyBelow: z
        .number()
        .positive()
        .max(1)
        .exactOptional()
        .describe("Ends when the entropy is at or below this share of the job's first entropy."),
      rounds: count(1).exactOptional().describe("Ends after this many rounds of the stage."),
      trials: count(1).exactOptional().describe("Ends after this many new trials of the stage."),
    })
    .default({})
    .describe(
      "The stage ends at the first that holds. Only the last stage may leave it out: it ends with budget or convergence.",
    ),
  updateAfter: z
    .int()
    .min(1)
    .max(10_000)
    .exactOptional()
    .describe(
      "Makes the stage asynchronous: the distribution is updated each time so many draws have ended. Default: when all of a round have.",
    ),
  inFlight: z
    .int()
    .min(1)
    .max(10_000)
    .exactOptional()
    .describe(
      "Networks kept under way in an asynchronous stage, at least `updateAfter`. Default: 64, or `updateAfter` where that is more.",
    ),
  weightsOnly: z
    .boolean()
    .exactOptional()
    .describe(
      "With `evaluator.supernet`: the stage trains the shared weights and leaves the distribution as it is. Default: false.",
    ),
});

const train = z.strictObject({
  dataset: z.enum(datasetNames).describe("Data set to train on."),
  steps: count(1).default(defaults.train.steps).describe("Training steps of a trial."),
  batch: z.int().min(1).max(10_000).default(defaults.train.batch).describe("Examples of a training step."),
  learningRate: z
    .number()
    .positive()
    .max(100)
    .default(defaults.train.learningRate)
    .describe("Peak learning rate of the cosine schedule."),
  weightDecay: z.number().min(0).max(1).default(defaults.train.weightDecay).describe("L2 penalty on the weights."),
  evalExamples: count(0)
    .default(defaults.train.evalExamples)
    .describe("Examples of the validation part that a trial is measured on; 0 for all."),
});

const supernet = z.strictObject({
  dataset: z.enum(datasetNames).describe("Data set to train on."),
  localSteps: z
    .int()
    .min(1)
    .max(10_000)
    .default(defaults.supernet.localSteps)
    .describe("Training steps of a trial, from the shared weights of its round; 1 as published."),
  batch: z.int().min(1).max(10_000).default(defaults.supernet.batch).describe("Examples of a training step."),
  learningRate: z
    .number()
    .positive()
    .max(100)
    .default(defaults.supernet.learningRate)
    .describe("Learning rate of the first trial; it falls to 0 by a cosine over the trial budget."),
  weightDecay: z.number().min(0).max(1).default(defaults.supernet.weightDecay).describe("L2 penalty on the weights."),
  validationExamples: z
    .int()
    .min(1)
    .max(10_000)
    .default(defaults.supernet.validationExamples)
    .describe("Examples of the validation batch that all trials of a round are scored by."),
  precision: z
    .enum(["float32", "float16"])
    .default(defaults.supernet.precision)
    .describe("In which the weights travel between coordinator and workers; float16 halves what is sent."),
  merge: z
    .enum(["likelihood", "equal"])
    .default(defaults.supernet.merge)
    .describe("Weights of a round's updates: by their train log-likelihoods, as published, or all alike."),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(defaults.supernet.momentum)
    .describe("Share of a merge's change that the next merge repeats; 0 for none."),
  staleness: z
    .int()
    .min(0)
    .max(10_000)
    .default(defaults.supernet.staleness)
    .describe("In an asynchronous stage, how many rounds late a draw may end; later ones are dropped and counted."),
});

const tabular = z.strictObject({
  table: z.string().min(1).describe("Table file (docs/spec.md, Tables), relative to the spec file."),
});

/** The top-level fields of a spec; also checked one by one, so that rules across fields see every valid one. */
export const specFields = {
  name: z
    .string()
    .regex(namePattern)
    .meta({ title: "1 to 63 characters of a-z, 0-9 and -, the first no -" })
    .exactOptional()
    .describe("Names the job. Default: the name of the spec file; where there is none, of the table or the data set."),
  space: z
    .union([
      z.enum([...shippedSpaces.keys()]),
      z.strictObject({
        file: z.string().min(1).describe("Space file (docs/spec.md, Spaces), relative to the spec file."),
      }),
    ])
    .exactOptional()
    .describe(
      "A shipped space (`fpnas spaces`) or a space file. Needed but by `evaluator.tabular`: a table brings its own.",
    ),
  algorithm: z
    .looseObject({
      name: z
        .enum(["auto", ...algorithms.map((entry) => entry.name)])
        .default(defaults.algorithm)
        .describe("Which one; `auto` leaves it to space and evaluator, and takes no settings."),
    })
    .prefault({})
    .describe("The search algorithm; its own settings stand beside its name."),
  stages: z
    .array(stage)
    .min(1)
    .max(16)
    .default(() => defaults.stages.map(({ name, slots, until }) => ({ name, slots, until: { ...until } })))
    .describe("The distribution's stages, in order. Default of a supernet: warm-up, coarse and fine."),
  evaluator: z
    .strictObject({
      train: train.exactOptional(),
      tabular: tabular.exactOptional(),
      command: commandSchema.exactOptional(),
      supernet: supernet.exactOptional(),
      timeLimitSeconds: z
        .number()
        .positive()
        .max(1e6)
        .exactOptional()
        .describe(
          "How long the evaluation of one trial may take; a final training in proportion to its steps. Default: no limit.",
        ),
    })
    .describe("How a network is evaluated: exactly one of `train`, `tabular`, `command` and `supernet`."),
  cost: z
    .strictObject({
      macs: z.number().positive().exactOptional().describe("Target multiply-accumulates of one example."),
      params: z.number().positive().exactOptional().describe("Target number of parameters."),
      beta: z
        .number()
        .min(0)
        .max(1000)
        .default(defaults.cost.beta)
        .describe("Weight of the penalty max(0, cost / target - 1), subtracted from the accuracy."),
    })
    .exactOptional()
    .describe("Cost targets, at least one of `macs` and `params`. Default: cost does not count."),
  budget: z
    .strictObject({
      trials: count(1)
        .default(defaults.budget.trials)
        .describe("Search trials: distinct networks evaluated; of a supernet the draws. Default of a supernet: 3000."),
      wallSeconds: z
        .number()
        .positive()
        .max(1e9)
        .exactOptional()
        .describe("The search ends after this time; final training comes on top. Default: no limit."),
    })
    .prefault({})
    .describe("The search ends when the first of them is used up."),
  final: z
    .strictObject({
      steps: count(1).describe("Training steps of each final network."),
      learningRate: z
        .number()
        .positive()
        .max(100)
        .exactOptional()
        .describe(
          "Peak learning rate of each training. Default: that of `evaluator.train`, and 0.2 with `evaluator.supernet`, whose own is that of merged steps.",
        ),
      random: z
        .int()
        .min(0)
        .max(1000)
        .default(defaults.final.random)
        .describe("Random networks with no fewer MACs than the answer, trained alike to compare with."),
      largest: z
        .boolean()
        .default(defaults.final.largest)
        .describe("Whether the largest network of the space is trained alike too."),
      from: z
        .enum(["scratch", "slice"])
        .default(defaults.final.from)
        .describe(
          "What each network begins with: fresh weights, or its slice of the last shared weights. With `evaluator.supernet`.",
        ),
      distill: z
        .strictObject({
          teacher: z
            .union([
              z.enum(["largest"]),
              z.strictObject({
                file: z.string().min(1).describe("Trained weights (docs/result.md), relative to the spec file."),
              }),
            ])
            .describe(
              "Whom to learn from: the largest network of the space, which is trained first, or one of a file of trained weights.",
            ),
        })
        .exactOptional()
        .describe(
          "Half the loss is the divergence from a teacher. With `evaluator.train` and `evaluator.supernet`. Default: no teacher.",
        ),
      labelSmoothing: z
        .number()
        .min(0)
        .max(0.9)
        .default(defaults.final.labelSmoothing)
        .describe(
          "Share of each label that is spread evenly over all classes. With `evaluator.train` and `evaluator.supernet`.",
        ),
      augment: z
        .boolean()
        .default(defaults.final.augment)
        .describe(
          "Whether train images are shifted, and mirrored where their classes allow it. With `evaluator.train` and `evaluator.supernet`.",
        ),
      averageDecay: z
        .number()
        .min(0)
        .max(0.99999)
        .default(defaults.final.averageDecay)
        .describe(
          "Decay of the moving average of the weights that is measured; 0 measures the last. With `evaluator.train` and `evaluator.supernet`.",
        ),
    })
    .exactOptional()
    .describe("Trains the answer anew and measures it once on the test part. Default: no final training."),
  reuse: z
    .array(
      z
        .string()
        .regex(jobIdPattern)
        .meta({ title: "the id of a job: 1 to 63 characters of a-z, 0-9 and -, the first a letter" }),
    )
    .max(16)
    .default([])
    .describe(
      "Ids of earlier jobs of the project with the same evaluator: networks that they have completed are not evaluated again.",
    ),
  seed: z
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .default(defaults.seed)
    .describe("Every random stream of the job derives from it."),
} as const;

/** A spec as users write it: the one schema of YAML, JSON and RPC. Settings of the algorithm are left to the algorithm's own schema. */
export const specSchema = z.strictObject(specFields).meta({ title: "fpnas job spec" });

/** A spec of the right shape, defaults filled in. */
export type SpecInput = z.output<typeof specSchema>;
