import type { Measurement, TrainedWeights } from "../network/measurement.ts";
import type { CostedNetwork, Excess, ExpectedCost, SlotSummary, StageSummary } from "../coordinator/search/types.ts";

/** A network in the proto3 JSON form of network.proto (network/codec.ts). */
export type NetworkJson = Readonly<Record<string, unknown>>;

export interface EvaluatedNetwork {
  readonly network: NetworkJson;
  /** Arm indices, in the order of the space's choices. */
  readonly arms: readonly number[];
  /** Null where the space knows no cost. */
  readonly macs: number | null;
  readonly params: number | null;
  readonly measurement?: Measurement;
}

export interface FinalResult {
  readonly accuracy: number;
  readonly steps: number;
  /** Part of the data set that was measured. */
  readonly part: "test";
  /** The file of its weights (docs/result.md); absent where none was kept. */
  readonly weights?: TrainedWeights;
}

/** A final training beside the answer's, to compare with. */
export interface FinalComparison {
  readonly role: "random" | "largest";
  readonly arms: readonly number[];
  readonly macs: number | null;
  readonly params: number | null;
  /** Absent where the training failed. */
  readonly accuracy?: number;
  /** As of the answer. */
  readonly weights?: TrainedWeights;
  /** Why it failed. */
  readonly failure?: string;
}

/** A network that the answer of a supernet's search was chosen among. */
export interface FinalistResult extends Omit<FinalComparison, "role"> {
  readonly trial: number;
  /** Mean cross-entropy in nats on the whole validation part: of the finalists within the targets the answer has the lowest. */
  readonly loss?: number;
}

/** From whom the networks of the final training learned. */
export interface DistillationResult {
  /** `largest`, or the file as the spec names it. */
  readonly teacher: string;
  /** Why there was no teacher, and all learned from labels alone; absent where there was. */
  readonly failure?: string;
}

/** What became of a supernet's shared weights. */
export interface SupernetResult {
  /** The last version, by which the finalists were scored. */
  readonly version: number;
  /** Draws that ended too late to count. */
  readonly stale: number;
  /** The mode first, then draws of the final distribution. */
  readonly finalists: readonly FinalistResult[];
}

/** What the draws of a supernet moved, and where their workers' time went; summed over the draws that were measured. */
export interface ExchangeResult {
  readonly samples: number;
  /** Weights to a worker and the update back, on average. */
  readonly bytesPerSample: number;
  readonly weightsBytes: number;
  readonly updateBytes: number;
  /** Waiting for weights and data. */
  readonly waitSeconds: number;
  readonly computeSeconds: number;
  /** Sending updates, which the next evaluation does not wait for. */
  readonly putSeconds: number;
}

/** `result.json` (docs/result.md). Accuracies and probabilities are fractions. */
export interface JobResult {
  /** "projects/{project}/jobs/{job}". */
  readonly job: string;
  readonly seed: number;
  readonly algorithm: string;
  readonly space: string;
  /** The answer: the best feasible evaluated network; of a supernet the best feasible finalist. */
  readonly network: NetworkJson;
  readonly arms: readonly number[];
  readonly macs: number | null;
  readonly params: number | null;
  readonly measurement: Measurement;
  /** By what share the answer exceeds each cost target; absent without one. */
  readonly excess?: Excess;
  readonly mode: EvaluatedNetwork;
  readonly bestObserved: EvaluatedNetwork;
  /** The evaluated networks that no other beats in both accuracy and cost, by rising cost; at most 100. */
  readonly pareto: readonly CostedNetwork[];
  /** Of a network drawn from the distribution at its end. */
  readonly expectedCost: ExpectedCost;
  readonly draws: number;
  /** Networks that this job evaluated. */
  readonly trials: number;
  /** Networks whose measurement it took over from earlier jobs. */
  readonly reused: number;
  /** Null of a supernet, whose draws are trials each. */
  readonly uniqueNetworks: number | null;
  readonly rounds: number;
  readonly stages: readonly StageSummary[];
  readonly distribution: readonly SlotSummary[];
  readonly final?: FinalResult;
  /** Only with final training. */
  readonly comparisons?: readonly FinalComparison[];
  /** Only with `final.distill`. */
  readonly distillation?: DistillationResult;
  /** Of a supernet's search only. */
  readonly supernet?: SupernetResult;
  readonly wallSeconds: number;
  /** Time in which workers computed evaluations over the time they were connected, both summed over workers; 0 to 1. */
  readonly workerBusyFraction: number;
  /** Of a supernet's search only. */
  readonly exchange?: ExchangeResult;
}
