import { precisionNames, type Evaluation } from "../../network/evaluation.ts";
import { decodeMeasurement } from "../../network/measurement.ts";
import type { Evaluation as WireEvaluation } from "../../proto/gen/fpnas/v1/Evaluation.ts";
import type { Lease as WireLease } from "../../proto/gen/fpnas/v1/Lease.ts";
import type { LeaseKey as WireLeaseKey, LeaseKey__Output } from "../../proto/gen/fpnas/v1/LeaseKey.ts";
import type { Network } from "../../proto/gen/fpnas/v1/Network.ts";
import type { Outcome__Output } from "../../proto/gen/fpnas/v1/Outcome.ts";
import type { OutcomeAck as WireAck, _fpnas_v1_OutcomeAck_Verdict } from "../../proto/gen/fpnas/v1/OutcomeAck.ts";
import { formatTrialName, parseTrialName } from "../scheduling/names.ts";
import type { Outcome, Verdict } from "../scheduling/outcome.ts";
import type { Lease, LeaseKey, OutcomeAck } from "../scheduling/worker-session.ts";
import { decodeFailureReason } from "./failure-reasons.ts";

const verdicts: Readonly<Record<Verdict, _fpnas_v1_OutcomeAck_Verdict>> = {
  accepted: "VERDICT_ACCEPTED",
  stale: "VERDICT_STALE",
  rejected: "VERDICT_REJECTED",
};

const parts = { test: "DATA_PART_TEST", validation: "DATA_PART_VALIDATION" } as const;

/** Null where it names no trial. */
export function decodeKey(wire: LeaseKey__Output | null): LeaseKey | null {
  const ref = wire === null ? null : parseTrialName(wire.trial);
  return wire === null || ref === null ? null : { ...ref, token: wire.leaseToken };
}

export function decodeOutcome({ measurement, failure }: Outcome__Output): Outcome {
  if (measurement) return { type: "measurement", measurement: decodeMeasurement(measurement) };
  if (!failure) return { type: "malformed", detail: "the outcome holds neither a measurement nor a failure" };
  const reason = decodeFailureReason(failure.reason);
  if (reason === null) return { type: "malformed", detail: `the failure has no known reason: ${failure.reason}` };
  return { type: "failure", reason, detail: failure.detail };
}

/** The time that the worker says it computed; nothing where it does not, or what it says is no time. */
export function decodeBusy({ busySeconds }: Outcome__Output): { readonly busySeconds?: number } {
  return busySeconds !== undefined && busySeconds >= 0 && Number.isFinite(busySeconds) ? { busySeconds } : {};
}

export function encodeKey({ job, trial, token }: LeaseKey): WireLeaseKey {
  return { trial: formatTrialName(job, trial), leaseToken: token };
}

export function encodeAck({ key, verdict }: OutcomeAck): WireAck {
  return { key: encodeKey(key), verdict: verdicts[verdict] };
}

export function encodeLease({ key, networkJson, evaluation, checkpoint }: Lease): WireLease {
  return {
    key: encodeKey(key),
    network: JSON.parse(networkJson) as Network,
    evaluation: encodeEvaluation(evaluation),
    checkpoint,
  };
}

function encodeEvaluation(evaluation: Evaluation): WireEvaluation {
  const { seed, timeLimitMs = 0 } = evaluation;
  switch (evaluation.type) {
    case "tabular":
      return { seed, timeLimitMs, tabular: {} };
    case "train": {
      const { dataset, steps, batch, learningRate, weightDecay, evalExamples, recipe, keepWeights } = evaluation;
      const part = parts[evaluation.part];
      const { startVersion = 0, teacher = "" } = evaluation;
      const settings = { dataset, steps, batch, learningRate, weightDecay, part, evalExamples };
      const train = { ...settings, recipe, keepWeights, startVersion, teacher };
      return { seed, timeLimitMs, train };
    }
    case "command": {
      const { memoryLimitBytes = 0, steps = 0 } = evaluation;
      const [run, files, env] = [[...evaluation.run], [...evaluation.files], { ...evaluation.env }];
      const part = parts[evaluation.part];
      return { seed, timeLimitMs, command: { run, files, env, memoryLimitBytes, steps, part } };
    }
    case "supernet": {
      const { dataset, version, localSteps, batch, learningRate, weightDecay, validationSeed, evalExamples } =
        evaluation;
      const precision = precisionNames[evaluation.precision];
      const steps = { localSteps, batch, learningRate, weightDecay };
      return { seed, timeLimitMs, supernet: { dataset, version, ...steps, validationSeed, evalExamples, precision } };
    }
  }
}
