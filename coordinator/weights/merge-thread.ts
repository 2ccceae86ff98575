/** The thread of `MergeThread`: makes versions, one after the other. */
import { parentPort } from "node:worker_threads";
import { mergeVersion, type MergeTask } from "./merge-version.ts";
import { WeightsError, type WeightsErrorCode } from "./weights-store.ts";

/** What became of a task. */
export type MergeAnswer =
  | { readonly type: "made" }
  | { readonly type: "failed"; readonly code: WeightsErrorCode | null; readonly message: string };

function answerTo(task: MergeTask): MergeAnswer {
  try {
    mergeVersion(task);
    return { type: "made" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { type: "failed", code: error instanceof WeightsError ? error.code : null, message };
  }
}

parentPort?.on("message", (task: MergeTask) => parentPort?.postMessage(answerTo(task)));
