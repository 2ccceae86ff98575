import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Precision } from "../../network/evaluation.ts";
import type { WeightsSlice } from "../../network/shared-weights.ts";
import { collectJob } from "./collect-job.ts";
import { makeFoldersSync } from "./durable.ts";
import { asWeightsError, isMissing } from "./failures.ts";
import { fetchSlices } from "./fetch-slices.ts";
import { jobFolder } from "./job-folder.ts";
import { MergeThread } from "./merge-runner.ts";
import { hasUpdate, putUpdate } from "./put-update.ts";
import { clearUnfinished, UnfinishedNames } from "./unfinished.ts";
import type { UpdateHeader, WeightsMerge, WeightsStore } from "./weights-store.ts";

/**
 * Shared weights in a folder (docs/decisions/0009). Several coordinators may have it open: what one of them does that no longer leads changes
 * nothing that counts. Open -> closed.
 */
export class DiskWeights implements WeightsStore {
  readonly #root: string;
  readonly #thread = new MergeThread();
  readonly #names = new UnfinishedNames();

  constructor(root: string) {
    this.#root = root;
  }

  async merge(job: string, merge: WeightsMerge): Promise<void> {
    await this.#thread.run({ root: this.#root, job, merge, name: this.#names.next() });
  }

  async *fetch(
    job: string,
    version: number,
    slices: readonly WeightsSlice[],
    precision: Precision,
  ): AsyncGenerator<Uint8Array> {
    try {
      yield* fetchSlices(jobFolder(this.#root, job), version, slices, precision);
    } catch (error) {
      throw asWeightsError(error, `version ${version}`);
    }
  }

  async putUpdate(job: string, update: UpdateHeader, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      await putUpdate(job, jobFolder(this.#root, job), update, bytes, this.#names.next());
    } catch (error) {
      throw asWeightsError(error, `the update of trial ${update.trial}`);
    }
  }

  async hasUpdate(job: string, sha256: string): Promise<boolean> {
    try {
      return await hasUpdate(jobFolder(this.#root, job), sha256);
    } catch (error) {
      if (isMissing(error)) return false;
      throw asWeightsError(error, `update ${sha256}`);
    }
  }

  async collect(job: string, keep: { readonly version: number; readonly updates: readonly string[] }): Promise<void> {
    try {
      await collectJob(jobFolder(this.#root, job), keep);
    } catch (error) {
      // Nothing was ever stored.
      if (!isMissing(error)) throw asWeightsError(error, `job ${job}`);
    }
  }

  /** Ends the thread that merges. A merge under way is rejected and leaves nothing that counts. */
  async close(): Promise<void> {
    await this.#thread.close();
    this.#names.close();
  }
}

/**
 * Opens the shared weights in a folder, which is made where it is missing, and clears what processes that died have left half-written.
 * Rejects with WeightsError `unavailable` where that cannot be.
 */
export async function openWeightsStore(folder: string): Promise<DiskWeights> {
  const root = resolve(folder);
  try {
    const first = await mkdir(root, { recursive: true });
    if (first !== undefined) makeFoldersSync(dirname(first), [root]);
    await clearUnfinished(root);
    return new DiskWeights(root);
  } catch (error) {
    throw asWeightsError(error, "the folder of shared weights");
  }
}
