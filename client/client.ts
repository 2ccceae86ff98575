import { randomUUID } from "node:crypto";
import type { CallOptions, requestCallback } from "@grpc/grpc-js";
import type { Job__Output as WireJob } from "../proto/gen/fpnas/v1/Job.ts";
import type { ListJobsResponse__Output } from "../proto/gen/fpnas/v1/ListJobsResponse.ts";
import type { ListRoundsResponse__Output } from "../proto/gen/fpnas/v1/ListRoundsResponse.ts";
import type { ListTrialsResponse__Output } from "../proto/gen/fpnas/v1/ListTrialsResponse.ts";
import type { SearchServiceClient } from "../proto/gen/fpnas/v1/SearchService.ts";
import { readSpecText } from "../spec/read-spec-text.ts";
import { Connection, openFileStub } from "./connection.ts";
import { decodeJob, decodeRound, decodeTrial } from "./decode.ts";
import { FpnasError, toFpnasError } from "./errors.ts";
import { fetchFile } from "./fetch-file.ts";
import { readJobLog } from "./job-log.ts";
import { readPages } from "./pages.ts";
import { callPatiently } from "./retry.ts";
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
 * It connects at the first call, connects again by itself after a loss, and holds the process up until it is closed. Where several
 * coordinators are given, it finds the one that leads, and calls wait some 20 s for one to lead. Every method rejects with FpnasError
 * only: `unreachable`, naming the addresses, within a few seconds where no coordinator answers. Calls may run side by side. Names are
 * full resource names, such as "projects/default/jobs/fashion-small".
 */
export class FpnasClient {
  readonly #connection: Connection;

  /** @param coordinators HOST:PORT of a coordinator, or of several of which one leads, separated by commas. */
  constructor(coordinators: string) {
    this.#connection = new Connection(coordinators);
  }

  /** Ends the connection; calls still under way fail with `unreachable`, later ones with `cancelled`. May be called twice. */
  close(): void {
    this.#connection.close();
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
   * The job now and after each change; ends after its final state, or quietly when the signal is aborted. A lost stream is opened
   * again (some half a minute long), so a state may come twice; `unreachable` soon where the first one fails. `not_found`.
   */
  watchJob(name: string, signal?: AbortSignal): AsyncGenerator<Job, void, undefined> {
    return watch(this.#connection, name, signal);
  }

  /**
   * All that a job's state follows from: its head, then its events some at a time, read only as fast as they are asked for.
   * `not_found`; `unreachable` also where the connection is lost on the way.
   */
  async *readJobLog(name: string): AsyncGenerator<JobLogPart, void, undefined> {
    this.#assertOpen();
    const [log, head] = await callPatiently(this.#connection, async (stub) => {
      const started = readJobLog(stub, name);
      return [started, await started.next()] as const;
    });
    if (head.done === true) return;
    try {
      yield head.value;
      yield* log;
    } catch (error) {
      throw toFpnasError(error, this.#connection.coordinators);
    }
  }

  /** A file that was uploaded with a job, by its SHA-256. `not_found`. */
  async fetchFile(sha256: string): Promise<Uint8Array> {
    this.#assertOpen();
    return await callPatiently(this.#connection, (stub) =>
      fetchFile(openFileStub(stub), sha256, { deadline: Date.now() + fileTimeoutMs }),
    );
  }

  #specJson(spec: NewJob["spec"]): string {
    try {
      return JSON.stringify(typeof spec === "string" ? readSpecText(spec) : spec);
    } catch (error) {
      throw toFpnasError(error, this.#connection.coordinators);
    }
  }

  #upload(bytes: Uint8Array): Promise<string> {
    this.#assertOpen();
    return callPatiently(this.#connection, (stub) => uploadFile(stub, bytes, { deadline: Date.now() + fileTimeoutMs }));
  }

  async #jobCall(start: StartCall<{ readonly job: WireJob | null }>): Promise<Job> {
    return decodeJob((await this.#call(start)).job);
  }

  async #call<Response>(start: StartCall<Response>): Promise<Response> {
    this.#assertOpen();
    return await callPatiently(
      this.#connection,
      (stub) =>
        new Promise<Response>((resolve, reject) => {
          start(stub, { deadline: Date.now() + answerTimeoutMs }, (error, response) => {
            if (error !== null) reject(error);
            else if (response === undefined)
              reject(new FpnasError("internal", "The coordinator sent an empty answer."));
            else resolve(response);
          });
        }),
    );
  }

  #assertOpen(): void {
    if (this.#connection.isClosed) throw new FpnasError("cancelled", "The client is closed.");
  }
}
