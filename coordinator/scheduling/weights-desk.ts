import { decodeNetwork } from "../../network/codec.ts";
import type { Precision } from "../../network/evaluation.ts";
import { sharedSlices, type SharedTensor, type WeightsSlice } from "../../network/shared-weights.ts";
import { precisionBytes, sliceSize } from "../../network/weights-codec.ts";
import type { JobKey, TrialRecord } from "../storage/storage.ts";
import { WeightsError, type UpdateHeader, type WeightsStore } from "../weights/weights-store.ts";
import type { ActiveJob } from "./active-job.ts";
import { EngineError, invalidField, notLeader } from "./errors.ts";
import type { JobBook } from "./job-book.ts";
import type { LeaseKey } from "./worker-session.ts";

/** Which slices of which version (FetchWeightsRequest). */
export interface WeightsRequest {
  readonly job: JobKey;
  readonly version: number;
  readonly slices: readonly WeightsSlice[];
  readonly precision: Precision;
}

/** What a worker brings of a trial. */
export interface UpdateUpload {
  readonly workerId: string;
  /** The lease under which it was made. */
  readonly key: LeaseKey;
  readonly header: Omit<UpdateHeader, "trial">;
  /** Not read where the lease is not open. May throw EngineError. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What became of an update (PutUpdateResponse.Verdict). */
export type UpdateVerdict = "stored" | "stale";

/** Where workers fetch slices of shared weights, and bring what their trials would change of them. */
export class WeightsDesk {
  private readonly jobs: JobBook;
  private readonly weights: WeightsStore | null;
  private readonly ending: AbortSignal;

  /** `ending` is aborted once nothing more may be written. */
  constructor(jobs: JobBook, weights: WeightsStore | null, ending: AbortSignal) {
    this.jobs = jobs;
    this.weights = weights;
    this.ending = ending;
  }

  /**
   * The bytes of slices, each chunk read when it is asked for. Throws EngineError `notFound` where no open job of that name shares weights, or
   * `invalid`; its iteration throws WeightsError, `notFound` where there is no such version (any more).
   */
  fetch({ job, version, slices, precision }: WeightsRequest): AsyncIterable<Uint8Array> {
    const tensors = tensorsOf(this.jobs.get(job)?.job);
    if (this.weights === null || tensors === null) {
      throw new EngineError("notFound", "WEIGHTS_NOT_FOUND", `there is no open job ${job} that shares weights`);
    }
    checkSlices(slices, tensors);
    return this.weights.fetch(job, version, slices, precision);
  }

  /**
   * Stores an update; resolves when it is durable, or at once where the lease is not open. It takes effect with the outcome that names it: what
   * is received of a lease that ends meanwhile has none. Rejects with EngineError `invalid` or `unavailable`, with WeightsError, and with what
   * `bytes` throws.
   */
  async put({ workerId, key, header, bytes }: UpdateUpload): Promise<UpdateVerdict> {
    const held = this.heldBy(key, workerId);
    if (this.weights === null || held === null) return "stale";
    checkUpdate(header, held.row, held.job);
    const sizeBytes = sizeOf(header);
    try {
      await this.weights.putUpdate(key.job, { ...header, trial: key.trial }, exactly(bytes, sizeBytes));
    } catch (error) {
      // Slices and length were checked before.
      if (error instanceof WeightsError && error.code === "invalid") throw invalidField("header.sha256", error.message);
      throw error;
    }
    if (this.ending.aborted) throw notLeader(null);
    return this.heldBy(key, workerId) === null ? "stale" : "stored";
  }

  /** The job and the row of a trial that is under this very lease. */
  private heldBy(
    { job: key, trial, token }: LeaseKey,
    workerId: string,
  ): { readonly job: ActiveJob; readonly row: TrialRecord } | null {
    const job = this.jobs.get(key)?.job;
    const lease = job?.leases.get(trial);
    const row = job?.open.get(trial);
    if (job === undefined || row === undefined || lease?.token !== token || lease.workerId !== workerId) return null;
    return { job, row };
  }
}

/** How many bytes slices take on their way. */
export function sizeOf({ slices, precision }: Pick<WeightsRequest, "slices" | "precision">): number {
  return slices.reduce((sum, slice) => sum + sliceSize(slice) * precisionBytes[precision], 0);
}

/** Every shared tensor of a job; null where it shares none. */
function tensorsOf(job: ActiveJob | undefined): readonly SharedTensor[] | null {
  if (job?.plan.spec.evaluator.type !== "supernet") return null;
  return job.plan.space.supernet?.().tensors ?? null;
}

/** Throws EngineError `invalid` that names the first slice that is none of the tensors. */
function checkSlices(slices: readonly WeightsSlice[], tensors: readonly SharedTensor[]): void {
  if (slices.length === 0) throw invalidField("slices", "must name at least one slice.");
  const shapes = new Map(tensors.map(({ tensor, shape }) => [tensor, shape]));
  const seen = new Set<string>();
  for (const [index, { tensor, shape }] of slices.entries()) {
    const whole = shapes.get(tensor);
    const field = `slices[${index}]`;
    if (whole === undefined)
      throw invalidField(`${field}.tensor`, `must be a shared tensor of the job, not ${tensor}.`);
    if (seen.has(tensor)) throw invalidField(`${field}.tensor`, `must not repeat ${tensor}.`);
    seen.add(tensor);
    if (shape.length !== whole.length || shape.some((side, dimension) => side < 1 || side > (whole[dimension] ?? 0))) {
      throw invalidField(
        `${field}.shape`,
        `must be from 1 to each of [${whole.join(", ")}], not [${shape.join(", ")}].`,
      );
    }
  }
}

/** Throws EngineError `invalid` where an update isn't one of the trial. */
function checkUpdate(
  { version, slices }: Omit<UpdateHeader, "trial">,
  row: TrialRecord,
  { plan, checkpoint }: ActiveJob,
): void {
  const evaluation = plan.evaluationOf(row, checkpoint.state);
  if (evaluation.type !== "supernet" || evaluation.localSteps === 0) {
    throw invalidField("header.key", `names trial ${row.trial}, which trains no shared weights.`);
  }
  if (version !== evaluation.version) {
    throw invalidField("header.version", `must be that of the trial, ${evaluation.version}, not ${version}.`);
  }
  const network = decodeNetwork(JSON.parse(row.networkJson));
  const expected = network.type === "graph" ? sharedSlices(network) : [];
  const place = expected.findIndex((slice, index) => !isSame(slice, slices[index]));
  if (place < 0 && slices.length === expected.length) return;
  const wanted = expected[place];
  if (wanted === undefined)
    throw invalidField("header.slices", `must be the ${expected.length} of the trial's network.`);
  throw invalidField(
    `header.slices[${place}]`,
    `must be ${wanted.tensor} [${wanted.shape.join(", ")}], as in the trial's network.`,
  );
}

function isSame(a: WeightsSlice, b: WeightsSlice | undefined): boolean {
  return a.tensor === b?.tensor && a.shape.length === b.shape.length && a.shape.every((side, i) => side === b.shape[i]);
}

/** The bytes, if they are so many; throws EngineError `invalid` as soon as it is clear that they are not. */
async function* exactly(
  bytes: AsyncIterable<Uint8Array>,
  sizeBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let found = 0;
  for await (const chunk of bytes) {
    found += chunk.length;
    if (found > sizeBytes) break;
    yield chunk;
  }
  if (found === sizeBytes) return;
  const message = `has slices of ${sizeBytes} bytes, of which ${found < sizeBytes ? `only ${found}` : "more"} came.`;
  throw invalidField("header.slices", message);
}
