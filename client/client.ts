import { randomUUID } from "node:crypto";
import type { CallOptions, requestCallback } from "@grpc/grpc-js";
import type { Job__Output as WireJob } from "../proto/gen/fpnas/v1/Job.ts";
import type { ListJobsResponse__Output } from "../proto/gen/fpnas/v1/ListJobsResponse.ts";
import type { ListRoundsResponse__Output } from "../proto/gen/fpnas/v1/ListRoundsResponse.ts";
import type { ListTrialsResponse__Output } from "../proto/gen/fpnas/v1/ListTrialsResponse.ts";
import type { SearchServiceClient } from "../proto/gen/fpnas/v1/SearchService.ts";
import type { WorkerServiceClient } from "../proto/gen/fpnas/v1/WorkerService.ts";
import { readSpecText } from "../spec/read-spec-text.ts";
import { openFileStub, openStub, settleConnection } from "./connection.ts";
import { decodeJob, decodeRound, decodeTrial } from "./decode.ts";
import { FpnasError, toFpnasError } from "./errors.ts";
import { fetchFile } from "./fetch-file.ts";
import { readJobLog } from "./job-log.ts";
import { readPages } from "./pages.ts";
import type { Job, JobLogPart, NewJob, Round, Trial } from "./types.ts";
import { uploadFile } from "./upload.ts";
import { watch } from "./watch.ts";

/** How long the coordinator may take to answer a call. */
const answerTimeoutMs = 15_000;
/** How long one file, of up to 256 MiB, may take to be sent and stored, or to arrive. */
const fileTimeoutMs = 300_000;
/** Trials and rounds are small: many a page. */
const longPage = 500;

/** Starts a unary call on the stub. */
type StartCall<Response> = (
  stub: SearchServiceClient,
  options: CallOptions,
  ended: requestCallback<Response>,
) => unknown;

/**
 * Submits searches to a coordinator and follows them.
 *
 *     open --close()--> closed
 *
 * It connects at the first call, connects again by itself after a loss, and holds the process up until it is closed. Every method
 * rejects with FpnasError only: `unreachable`, naming the address, within a few seconds where no coordinator answers. Calls may run
 * side by side. Names are full resource names, such as "projects/default/jobs/fashion-small".
 */
export class FpnasClient {
  readonly address: string;
  readonly #stub: SearchServiceClient;
  /** On the same connection. */
  readonly #files: WorkerServiceClient;
  #closed = false;

  /** @param address HOST:PORT of a coordinator. */
  constructor(address: string) {
    this.address = address;
    this.#stub = openStub(address);
    this.#files = openFileStub(this.#stub);
  }

  /** Ends the connection; calls still under way fail with `unreachable`, later ones with `cancelled`. May be called twice. */
  close(): void {
    this.#closed = true;
    this.#stub.close();
  }

  /**
   * Uploads the files and submits the job. `invalid` lists every mistake in the spec; `already_exists` where the job id is taken.
   * Repeating it with the same request id is safe.
   */
  async createJob(job: NewJob): Promise<Job> {
    const specJson = this.#specJson(job.spec);
    const files: Record<string, string> = {};
    for (const [path, bytes] of job.files ?? []) files[path] = await this.#upload(bytes);
    const request = {
      parent: job.parent ?? "",
      jobId: job.jobId ?? "",
      specJson,
      files,
      requestId: job.requestId ?? randomUUID(),
      validateOnly: job.validateOnly ?? false,
    };
    return this.#jobCall((stub, options, ended) => stub.createJob(request, options, ended));
  }

  /** The job as it stands. `not_found`. */
  getJob(name: string): Promise<Job> {
    return this.#jobCall((stub, options, ended) => stub.getJob({ name }, options, ended));
  }

  /** Gives out no new leases; trials under way go on. `failed_precondition` unless running. */
  pauseJob(name: string, requestId: string = randomUUID()): Promise<Job> {
    return this.#jobCall((stub, options, ended) => stub.pauseJob({ name, requestId }, options, ended));
  }

  /** Goes on. `failed_precondition` unless paused. */
  resumeJob(name: string, requestId: string = randomUUID()): Promise<Job> {
    return this.#jobCall((stub, options, ended) => stub.resumeJob({ name, requestId }, options, ended));
  }

  /** Ends the job now. `failed_precondition` where it has ended already. */
  cancelJob(name: string, requestId: string = randomUUID()): Promise<Job> {
    return this.#jobCall((stub, options, ended) => stub.cancelJob({ name, requestId }, options, ended));
  }

  /** The jobs of a project ("projects/default" unless given), newest first, a page at a time as they are read. */
  listJobs(parent = ""): AsyncGenerator<Job, void, undefined> {
    return readPages(async (pageToken) => {
      const page = await this.#call<ListJobsResponse__Output>((stub, options, ended) =>
        stub.listJobs({ parent, pageToken }, options, ended),
      );
      return { items: page.jobs.map(decodeJob), next: page.nextPageToken };
    });
  }

  /** The trials of a job in order of their number, a page at a time as they are read. `not_found`. */
  listTrials(job: string): AsyncGenerator<Trial, void, undefined> {
    return readPages(async (pageToken) => {
      const request = { parent: job, pageSize: longPage, pageToken };
      const page = await this.#call<ListTrialsResponse__Output>((stub, options, ended) =>
        stub.listTrials(request, options, ended),
      );
      return { items: page.trials.map(decodeTrial), next: page.nextPageToken };
    });
  }

  /** The closed rounds of a job in order, a page at a time as they are read. `not_found`. */
  listRounds(job: string): AsyncGenerator<Round, void, undefined> {
    return readPages(async (pageToken) => {
      const request = { parent: job, pageSize: longPage, pageToken };
      const page = await this.#call<ListRoundsResponse__Output>((stub, options, ended) =>
        stub.listRounds(request, options, ended),
      );
      return { items: page.rounds.map(decodeRound), next: page.nextPageToken };
    });
  }

  /**
   * The job now and after each change; ends after its final state, or quietly when the signal is aborted. A lost connection is opened
   * again (some half a minute long), so a state may come twice; `unreachable` at once where the first one fails. `not_found`.
   */
  watchJob(name: string, signal?: AbortSignal): AsyncGenerator<Job, void, undefined> {
    return watch(this.#stub, () => this.#connect(), this.address, name, signal);
  }

  /**
   * All that a job's state follows from: its head, then its events some at a time, read only as fast as they are asked for.
   * `not_found`; `unreachable` also where the connection is lost on the way.
   */
  async *readJobLog(name: string): AsyncGenerator<JobLogPart, void, undefined> {
    await this.#connect();
    try {
      yield* readJobLog(this.#stub, name);
    } catch (error) {
      throw toFpnasError(error, this.address);
    }
  }

  /** A file that was uploaded with a job, by its SHA-256. `not_found`. */
  async fetchFile(sha256: string): Promise<Uint8Array> {
    await this.#connect();
    try {
      return await fetchFile(this.#files, sha256, { deadline: Date.now() + fileTimeoutMs });
    } catch (error) {
      throw toFpnasError(error, this.address);
    }
  }

  #specJson(spec: NewJob["spec"]): string {
    try {
      return JSON.stringify(typeof spec === "string" ? readSpecText(spec) : spec);
    } catch (error) {
      throw toFpnasError(error, this.address);
    }
  }

  async #upload(bytes: Uint8Array): Promise<string> {
    await this.#connect();
    try {
      return await uploadFile(this.#stub, bytes, { deadline: Date.now() + fileTimeoutMs });
    } catch (error) {
      throw toFpnasError(error, this.address);
    }
  }

  async #jobCall(start: StartCall<{ readonly job: WireJob | null }>): Promise<Job> {
    return decodeJob((await this.#call(start)).job);
  }

  async #call<Response>(start: StartCall<Response>): Promise<Response> {
    await this.#connect();
    const options: CallOptions = { deadline: Date.now() + answerTimeoutMs };
    return new Promise<Response>((resolve, reject) => {
      start(this.#stub, options, (error, response) => {
        if (error !== null) reject(toFpnasError(error, this.address));
        else if (response === undefined) reject(new FpnasError("internal", "The coordinator sent an empty answer."));
        else resolve(response);
      });
    });
  }

  async #connect(): Promise<void> {
    if (this.#closed) throw new FpnasError("cancelled", "The client is closed.");
    await settleConnection(this.#stub, this.address);
  }
}
