import { encodeNetwork } from "../../network/codec.ts";
import { networkCost } from "../../network/cost.ts";
import type { Graph, Layer } from "../../network/types.ts";
import { paretoFront } from "../../coordinator/search/pareto.ts";
import type { RoundSummary } from "../../coordinator/search/types.ts";
import type { ReportInput, ReportTrial } from "../../coordinator/export/report-input.ts";
import type { JobSpec } from "../../spec/types.ts";

export interface SampleSize {
  readonly trials: number;
  readonly rounds: number;
  /** Blocks of four choices each. */
  readonly blocks: number;
}

/** Numbers in [0, 1), the same ones each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const parts = [
  { name: "kernel", arms: ["3×3", "5×5", "7×7"] },
  { name: "expansion", arms: ["×1", "×3", "×6"] },
  { name: "channels", arms: ["narrow", "standard", "wide", "widest"] },
  { name: "se", arms: ["none", "SE"] },
] as const;

function build(arms: readonly number[], blocks: number): Graph {
  const layers: Layer[] = [
    { type: "conv", outChannels: 16, kernel: 3, stride: 2, batchNorm: true, activation: "swish" },
  ];
  let channels = 16;
  for (let block = 0; block < blocks; block++) {
    const [kernel = 0, expansion = 0, width = 0, se = 0] = arms.slice(block * 4);
    const stride = block === Math.floor(blocks / 2) ? 2 : 1;
    const mid = channels * [1, 3, 6][expansion]!;
    const out = 16 + 8 * Math.floor(block / 2) + [0, 8, 16, 24][width]! * (stride === 2 ? 1 : 0);
    layers.push({
      type: "mbconv",
      midChannels: mid,
      outChannels: out,
      kernel: 3 + 2 * kernel,
      stride,
      seChannels: se === 1 ? Math.ceil(mid / 4) : 0,
      activation: "swish",
    });
    channels = out;
  }
  layers.push(
    { type: "conv", outChannels: 160, kernel: 1, stride: 1, batchNorm: true, activation: "swish" },
    { type: "globalPool" },
    { type: "dense", units: 10, bias: true, activation: "none" },
  );
  return { type: "graph", input: { height: 28, width: 28, channels: 1 }, layers };
}

/** A search as it might have gone, of any size: the distribution sharpens towards one sample, in two stages. */
export function reportSample({ trials, rounds, blocks }: SampleSize): ReportInput {
  const next = numbers(7);
  const choices = Array.from({ length: blocks }, (_, block) =>
    parts.map(({ name, arms }) => ({ name: `block${block + 1}.${name}`, arms, block: `block${block + 1}` })),
  ).flat();
  const best = choices.map(({ arms }) => Math.floor(next() * arms.length));
  const sharpness = choices.map(() => 2 + 8 * next());
  const marginals = (progress: number): number[][] =>
    choices.map(({ arms }, choice) => {
      const scores = arms.map((_, arm) => Math.exp(-sharpness[choice]! * progress * Math.abs(arm - best[choice]!)));
      const sum = scores.reduce((a, b) => a + b);
      return scores.map((score) => score / sum);
    });
  const roundOf = (trial: number): number => Math.floor(((trial - 1) / trials) * rounds) + 1;
  const rows = Array.from({ length: trials }, (_, i): ReportTrial => {
    const distribution = marginals((roundOf(i + 1) - 1) / rounds);
    const arms = distribution.map((probabilities) => {
      let rest = next();
      const arm = probabilities.findIndex((p) => (rest -= p) < 0);
      return arm < 0 ? probabilities.length - 1 : arm;
    });
    const isFailed = next() < 0.06;
    const distance = arms.reduce((sum, arm, choice) => sum + Math.abs(arm - best[choice]!), 0) / choices.length;
    const cost = networkCost(build(arms, blocks));
    const accuracy = Math.min(0.99, Math.max(0.1, 0.86 - 0.35 * distance ** 1.5 + 0.04 * (next() - 0.5)));
    return {
      trial: i + 1,
      role: "search",
      state: isFailed ? "failed" : "completed",
      arms,
      round: roundOf(i + 1),
      ...cost,
      measurement: isFailed ? null : { accuracy, loss: 1 - accuracy, steps: 30, extra: {} },
      failureReason: isFailed ? "nan_loss" : null,
      failureDetail: isFailed ? "The loss left the numbers." : null,
      reusedFrom: null,
    };
  });
  const summaries = Array.from({ length: rounds }, (_, i): RoundSummary => {
    const distribution = marginals((i + 1) / rounds);
    const drawn = rows.filter(({ round }) => round === i + 1);
    return {
      round: i + 1,
      stage: i < rounds * 0.6 ? "coarse" : "fine",
      draws: Math.round(drawn.length * 1.3),
      newTrials: drawn.length,
      entropy: distribution.flat().reduce((sum, p) => sum - p * Math.log(p), 0),
      marginals: distribution,
      bestAccuracy: 0.8,
    };
  });
  const measured = rows.filter(({ measurement }) => measurement !== null);
  const target = 3_000_000;
  const ranked = [...measured].sort((a, b) => b.measurement!.accuracy - a.measurement!.accuracy);
  const observed = ranked[0]!;
  const answer = ranked.find(({ macs }) => macs! <= target) ?? observed;
  const evaluated = ({ arms, macs, params, measurement }: ReportTrial) => ({
    network: encodeNetwork(build(arms, blocks)),
    arms,
    macs,
    params,
    measurement: measurement!,
  });
  const mode = build(best, blocks);
  const spec: JobSpec = {
    name: "fashion-small",
    space: { type: "shipped", name: "mbconv-small" },
    evaluator: {
      type: "train",
      dataset: "fashion-mnist",
      steps: 30,
      batch: 64,
      learningRate: 0.05,
      weightDecay: 0.00004,
      evalExamples: 2000,
    },
    search: {
      algorithm: { name: "fp-nas", settings: { lambda: "auto", k0: 8 } },
      stages: [
        { name: "coarse", slots: "factorized", until: { entropyBelow: 0.25 } },
        { name: "fine", slots: "block", until: { trials: 60 } },
      ],
      cost: { macs: target, beta: 0.3 },
      noisy: true,
      budget: { trials, wallMs: 240_000 },
      final: { random: 1, largest: true },
    },
    algorithmReason: "named in the spec",
    reuse: [],
    finalSteps: 600,
    seed: 1,
  };
  const final = marginals(1);
  return {
    title: "fashion-small",
    specJson: JSON.stringify(spec),
    choices,
    trials: rows,
    rounds: summaries,
    notes: [
      "The split of Fashion-MNIST into train, validation and test parts is this project's own: figures are not comparable with those of the official split.",
    ],
    modelFolder: "export",
    result: {
      job: "projects/local/jobs/fashion-small",
      seed: 1,
      algorithm: "fp-nas",
      space: "mbconv-small",
      ...evaluated(answer),
      mode: { network: encodeNetwork(mode), arms: best, ...networkCost(mode) },
      bestObserved: evaluated(observed),
      excess: { macs: 0 },
      pareto: paretoFront(
        measured.map((row) => ({ ...row, cost: row.macs!, accuracy: row.measurement!.accuracy })),
      ).map(({ trial, arms, macs, params, measurement }) => ({
        trial,
        arms,
        macs,
        params,
        measurement: measurement!,
      })),
      expectedCost: {
        macs: { mean: 2_345_678, standardError: 12_345, samples: 1000 },
        params: { mean: 98_765, standardError: 432, samples: 1000 },
      },
      draws: summaries.reduce((sum, { draws }) => sum + draws, 0),
      trials,
      reused: 0,
      uniqueNetworks: trials,
      rounds,
      stages: [
        { name: "coarse", rounds: 9, draws: 74, trials: 61, entropyStart: 17.09, entropyEnd: 9.31 },
        { name: "fine", rounds: 6, draws: 61, trials: 47, entropyStart: 9.31, entropyEnd: 3.02 },
      ],
      distribution: Array.from({ length: blocks }, (_, block) => {
        const slot = final.slice(block * 4, block * 4 + 4);
        return {
          choices: choices.slice(block * 4, block * 4 + 4).map(({ name }) => name),
          probabilities: slot.reduce((joint, next) => joint.flatMap((p) => next.map((q) => p * q)), [1]),
        };
      }),
      final: { accuracy: 0.8731, steps: 600, part: "test" },
      comparisons: [
        { role: "random", arms: rows[0]!.arms, macs: rows[0]!.macs, params: rows[0]!.params, accuracy: 0.8512 },
        { role: "largest", arms: best, macs: 9_120_000, params: 198_000, accuracy: 0.8794 },
      ],
      wallSeconds: 213,
      workerBusyFraction: 0.94,
    },
  };
}
