import { shippedSpaces } from "../../coordinator/search/space/registry.ts";
import type { PlannedTrial, SearchSpec } from "../../coordinator/search/types.ts";
import type { Evaluation } from "./search-driver.ts";
import { testSpec } from "./search-spaces.ts";

/** The smallest shipped space with shared weights. */
export const supernetSpace = shippedSpaces.get("mbconv-small")!.make();

/** A search over shared weights with a warm-up of two rounds; `changes` replaces parts of it. */
export function supernetSpec(changes: Parameters<typeof testSpec>[1] = {}): SearchSpec {
  return testSpec("fp-nas", {
    settings: { lambda: 0.25, kMin: 4, weights: "published", temperature: 20, learningRate: 0.025, beta1: 0.9 },
    stages: [
      { name: "warm-up", slots: "factorized", until: { rounds: 2 }, weightsOnly: true },
      { name: "coarse", slots: "factorized", until: { rounds: 3 } },
      { name: "fine", slots: "block", until: {} },
    ],
    supernet: { merge: "likelihood", staleness: 1 },
    noisy: true,
    budget: { trials: 60, wallMs: null },
    ...changes,
  });
}

/** A worker's word on a draw: the higher the arms, the better. */
export function trained({ trial, arms, role }: Pick<PlannedTrial, "trial" | "arms" | "role">): Evaluation {
  const loss = 2.3 - arms.reduce((sum, arm) => sum + arm, 0) / 20;
  const accuracy = 1 - loss / 3;
  if (role !== "search") return { type: "completed", measurement: { accuracy, loss, steps: 0, extra: {} } };
  const update = { sha256: trial.toString(16).padStart(64, "0"), sizeBytes: 4 };
  return { type: "completed", measurement: { accuracy, loss, steps: 1, extra: {}, trainLoss: loss + 0.1, update } };
}
