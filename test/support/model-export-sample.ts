import { createHash } from "node:crypto";
import type { Trial } from "../../client/types.ts";
import type { FinishedJob } from "../../cli/finished-job.ts";
import type { Graph } from "../../network/types.ts";
import type { JobSpec } from "../../spec/types.ts";
import { encodeTrained } from "../../worker/checkpoint/trained-file.ts";
import { reportSample } from "./report-sample.ts";
import { madeUpNetwork } from "./trained-networks.ts";

/** A network for images of Fashion-MNIST that has one of everything and next to no weights. */
export const exportedGraph: Graph = {
  type: "graph",
  input: { height: 28, width: 28, channels: 1 },
  layers: [
    { type: "conv", outChannels: 3, kernel: 5, stride: 3, batchNorm: true, activation: "swish" },
    { type: "mbconv", midChannels: 4, outChannels: 3, kernel: 3, stride: 1, seChannels: 2, activation: "relu6" },
    { type: "mbconv", midChannels: 3, outChannels: 5, kernel: 3, stride: 2, seChannels: 0, activation: "relu" },
    { type: "globalPool" },
    { type: "dense", units: 10, bias: true, activation: "none" },
  ],
};

/** A finished job with its trials, and the file that the final training of its answer left. */
export interface ExportSample {
  readonly job: FinishedJob;
  readonly trials: readonly Trial[];
  readonly weights: Uint8Array;
}

/** A job that has been searched, trained to the end and kept. */
export function exportSample(): ExportSample {
  const { result, specJson } = reportSample({ trials: 6, rounds: 2, blocks: 1 });
  const weights = encodeTrained(madeUpNetwork(exportedGraph, "fashion-mnist", 7));
  const sha256 = createHash("sha256").update(weights).digest("hex");
  const job: FinishedJob = {
    name: result.job,
    state: "succeeded",
    spec: JSON.parse(specJson) as JobSpec,
    createTimeMs: Date.UTC(2026, 10, 30, 12),
    endTimeMs: Date.UTC(2026, 10, 30, 12, 3, 33),
    result: { ...result, final: { ...result.final!, weights: { sha256, sizeBytes: weights.length } } },
    error: null,
    progress: {} as FinishedJob["progress"],
  };
  const trial = (number: number, role: Trial["role"], steps: number): Trial => ({
    ...{ name: `${result.job}/trials/${String(number)}`, state: "completed", role, network: exportedGraph },
    ...{ arms: [0], round: null, macs: 1, params: 1, failure: null, attempts: 1, workerId: "w", reusedFrom: null },
    endedAttempts: { preempted: 0, lost: 0, failed: 0, infeasible: 0, timedOut: 0 },
    ...{ leaseTimeMs: 1000 * number, endTimeMs: 1000 * number + 500 * steps },
    measurement: { accuracy: 0.5, steps, extra: {} },
  });
  const trials = [
    trial(1, "search", 30),
    trial(2, "search", 30),
    { ...trial(3, "search", 30), reusedFrom: "projects/p/jobs/earlier/trials/9" },
    trial(4, "final_answer", 600),
    trial(5, "final_random", 600),
  ];
  return { job, trials, weights };
}
