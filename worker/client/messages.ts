import { decodeNetwork } from "../../network/codec.ts";
import { NetworkError } from "../../network/errors.ts";
import {
  plainRecipe,
  precisionNames,
  type Evaluation,
  type Precision,
  type TrainEvaluation,
} from "../../network/evaluation.ts";
import { failureReasonNames, type FailureReason } from "../../network/measurement.ts";
import type { Evaluation__Output as WireEvaluation } from "../../proto/gen/fpnas/v1/Evaluation.ts";
import type { Lease__Output as WireLease } from "../../proto/gen/fpnas/v1/Lease.ts";
import type { LeaseKey__Output as WireLeaseKey } from "../../proto/gen/fpnas/v1/LeaseKey.ts";
import type { Outcome as WireOutcome } from "../../proto/gen/fpnas/v1/Outcome.ts";
import type { OutcomeAck__Output as WireAck } from "../../proto/gen/fpnas/v1/OutcomeAck.ts";
import type { Precision__Output as WirePrecision } from "../../proto/gen/fpnas/v1/Precision.ts";
import type { WorkRequest as WireRequest } from "../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkResponse__Output as WireResponse } from "../../proto/gen/fpnas/v1/WorkResponse.ts";
import { EvaluationError } from "../evaluator/evaluator.ts";
import {
  failed,
  type Ack,
  type Lease,
  type LeaseKey,
  type Outcome,
  type WorkRequest,
  type WorkResponse,
} from "./lease.ts";

/** What the parts of a data set are called on the wire. A newer coordinator may name others, by number. */
const parts = new Map<unknown, TrainEvaluation["part"]>([
  ["DATA_PART_VALIDATION", "validation"],
  ["DATA_PART_TEST", "test"],
]);

const verdicts: Record<WireAck["verdict"], Ack["verdict"]> = {
  VERDICT_ACCEPTED: "accepted",
  VERDICT_STALE: "stale",
  VERDICT_REJECTED: "rejected",
  // From a newer coordinator: the outcome arrived, and that is all that the worker needs to know.
  VERDICT_UNSPECIFIED: "rejected",
};

/** A request as it stands on the wire. */
export function encodeRequest({ wantLeases = 0, renewals = [], outcomes = [] }: WorkRequest): WireRequest {
  return { wantLeases, renewals: [...renewals], outcomes: outcomes.map(encodeOutcome) };
}

function encodeOutcome({ key, result, busySeconds }: Outcome): WireOutcome {
  const common = busySeconds === undefined ? { key } : { key, busySeconds };
  switch (result.type) {
    case "measured":
      return { ...common, measurement: { ...result.measurement, extra: { ...result.measurement.extra } } };
    case "failed":
      return { ...common, failure: { reason: failureReasonNames[result.reason], detail: result.detail } };
  }
}

/** Reads a response. Never throws: a lease that cannot be read becomes an outcome, and what has no key is left out. */
export function decodeResponse(wire: WireResponse): WorkResponse {
  const leases: Lease[] = [];
  const unreadable: Outcome[] = [];
  for (const lease of wire.leases) {
    const key = decodeKey(lease.key);
    if (key === null) continue;
    try {
      leases.push(decodeLease(key, lease));
    } catch (error) {
      unreadable.push({ key, result: failed(reasonOf(error), error instanceof Error ? error.message : String(error)) });
    }
  }
  const acks = wire.acks.flatMap((ack) => {
    const key = decodeKey(ack.key);
    return key === null ? [] : [{ key, verdict: verdicts[ack.verdict] }];
  });
  return { leases, unreadable, acks, revoked: wire.revoked.flatMap((key) => decodeKey(key) ?? []) };
}

/** Why a network or evaluation that could not be understood was not evaluated. */
export function reasonOf(error: unknown): FailureReason {
  if (error instanceof EvaluationError) return error.reason;
  if (error instanceof NetworkError) return error.code === "unknown_operation" ? "unknown_operation" : "infeasible";
  return "internal";
}

function decodeKey(wire: WireLeaseKey | null): LeaseKey | null {
  return wire === null ? null : { trial: wire.trial, leaseToken: wire.leaseToken };
}

function decodeLease(key: LeaseKey, wire: WireLease): Lease {
  if (wire.evaluation === null) throw new EvaluationError("internal", "the lease has no evaluation");
  const { network, evaluation, checkpoint } = wire;
  return { key, network: decodeNetwork(network), evaluation: decodeEvaluation(evaluation), checkpoint };
}

function decodeEvaluation(wire: WireEvaluation): Evaluation {
  const { evaluator, tabular, train, command, supernet, seed, timeLimitMs } = wire;
  const limit = timeLimitMs === 0 ? {} : { timeLimitMs };
  if (evaluator === "tabular" && tabular) return { type: "tabular", seed, ...limit };
  if (evaluator === "train" && train) {
    const { part: partName, startVersion, teacher, ...settings } = train;
    const part = decodePart(partName);
    if (train.steps < 1 || train.batch < 1) {
      throw new EvaluationError("internal", "the evaluation must train at least one step of at least one example");
    }
    return {
      ...{ type: "train", seed, ...settings, part, recipe: train.recipe ?? plainRecipe, ...limit },
      ...(startVersion === 0 ? {} : { startVersion }),
      ...(teacher === "" ? {} : { teacher }),
    };
  }
  if (evaluator === "command" && command) {
    const { run, files, env, memoryLimitBytes, steps } = command;
    if (run.length === 0) throw new EvaluationError("internal", "the evaluation names no program");
    return {
      ...{ type: "command", seed, run, files, env, part: decodePart(command.part), ...limit },
      ...(memoryLimitBytes === 0 ? {} : { memoryLimitBytes }),
      ...(steps === 0 ? {} : { steps }),
    };
  }
  if (evaluator === "supernet" && supernet) {
    if (supernet.batch < 1 || supernet.version < 1) {
      throw new EvaluationError(
        "internal",
        "the evaluation must name a version of the weights, and batches of at least one example",
      );
    }
    return { type: "supernet", seed, ...supernet, precision: decodePrecision(supernet.precision), ...limit };
  }
  throw new EvaluationError("internal", "the evaluation is of a kind that this worker does not know");
}

function decodePart(wire: unknown): TrainEvaluation["part"] {
  const part = parts.get(wire);
  if (part === undefined) throw new EvaluationError("internal", "the evaluation names no part to measure");
  return part;
}

function decodePrecision(wire: WirePrecision): Precision {
  const names = Object.entries(precisionNames) as [Precision, string][];
  const known = names.find(([, name]) => name === wire);
  if (known !== undefined) return known[0];
  // Not given: the wire reads it as float32. A number is a newer coordinator's.
  if (wire === "PRECISION_UNSPECIFIED") return "float32";
  throw new EvaluationError("internal", "the evaluation names no precision that this worker knows");
}
