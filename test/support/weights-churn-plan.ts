import type { SharedTensor } from "../../network/shared-weights.ts";
import { encodeWeights, sliceSize } from "../../network/weights-codec.ts";
import { randomStream } from "../../network/random.ts";
import type { UpdateHeader, WeightsMerge, WeightsStore } from "../../coordinator/weights/weights-store.ts";
import { hashOf, inPieces } from "./weights-bytes.ts";

/** The job whose weights are churned. */
export const churnJob = "default/churn";

/** Of several chunks and of less than one; one of them no update touches. */
export const churnTensors: readonly SharedTensor[] = [
  { tensor: "wide", shape: [300, 500], initial: { type: "constant", value: 0.5 } },
  { tensor: "still", shape: [7], initial: { type: "constant", value: 1 } },
  { tensor: "small", shape: [3, 3, 4], initial: { type: "normal", deviation: 0.1 } },
];

const draws = 3;

/** A round's updates, the same in every process. */
function updatesOf(round: number): readonly { readonly header: UpdateHeader; readonly bytes: Uint8Array }[] {
  if (round === 0) return [];
  return Array.from({ length: draws }, (_, draw) => {
    const random = randomStream(round, `churn/${draw}`);
    const upTo = (most: number): number => 1 + Math.floor(random() * most);
    const slices = [
      { tensor: "wide", shape: [upTo(300), upTo(100)] },
      { tensor: "small", shape: [upTo(3), upTo(3), upTo(4)] },
    ];
    const size = slices.reduce((sum, slice) => sum + sliceSize(slice), 0);
    const bytes = encodeWeights([Float32Array.from({ length: size }, () => random() - 0.5)], "float32");
    const header = { trial: round * draws + draw + 1, version: round, slices, precision: "float32" } as const;
    return { header: { ...header, sha256: hashOf(bytes) }, bytes };
  });
}

/** What is to be merged of a round. */
export function churnMerge(round: number): WeightsMerge {
  const updates = updatesOf(round).map(({ header }) => {
    return { sha256: header.sha256, weight: 1 / (1 + (header.trial % draws)) };
  });
  return { round, tensors: churnTensors, seed: 11, updates, momentum: 0.5 };
}

/** Puts a round's updates, all at the same time, and tells of each piece that was taken and of each update that is stored. */
export async function churnUpdates(weights: WeightsStore, round: number, tell: (line: string) => void): Promise<void> {
  await Promise.all(
    updatesOf(round).map(async ({ header, bytes }) => {
      const pieces = async function* (): AsyncGenerator<Uint8Array> {
        for await (const piece of inPieces(bytes, 10_000)) {
          tell("piece");
          yield piece;
        }
      };
      await weights.putUpdate(churnJob, header, pieces());
      tell(`stored ${header.sha256}`);
    }),
  );
}

/** Does one round: puts its updates, merges them, and drops what came before. Tells of each step. */
export async function churnRound(weights: WeightsStore, round: number, tell: (line: string) => void): Promise<void> {
  await churnUpdates(weights, round, tell);
  tell("merging");
  await weights.merge(churnJob, churnMerge(round));
  tell(`merged ${round}`);
  await weights.collect(churnJob, { version: round + 1, updates: [] });
  tell(`collected ${round}`);
}
