import type { Logger } from "pino";
import type { CreateJobRequest__Output } from "../../proto/gen/fpnas/v1/CreateJobRequest.ts";
import type { Job } from "../../proto/gen/fpnas/v1/Job.ts";
import type { SearchServiceHandlers } from "../../proto/gen/fpnas/v1/SearchService.ts";
import type { WatchJobResponse } from "../../proto/gen/fpnas/v1/WatchJobResponse.ts";
import { SpecError } from "../../spec/types.ts";
import { invalidField } from "../scheduling/errors.ts";
import type { JobAction } from "../scheduling/job-message.ts";
import { parseJobName, parseProjectName } from "../scheduling/names.ts";
import type { NewJob } from "../scheduling/new-job.ts";
import type { Coordinator } from "./coordinator.ts";
import { encodeJob } from "./encode-job.ts";
import { encodeRound } from "./encode-round.ts";
import { encodeTrial } from "./encode-trial.ts";
import { checkSha256, Uploads } from "./files.ts";
import { Handlers } from "./handlers.ts";
import { intakeLimits } from "./intake.ts";
import { readJobLog } from "./job-log.ts";
import { readPage } from "./pages.ts";

const maxSpecBytes = 2 ** 20;

/** What researchers call (search.proto). */
export function searchHandlers(coordinator: Coordinator, logger: Logger): SearchServiceHandlers {
  const handlers = new Handlers(logger);
  const { jobs } = coordinator;
  const uploads = new Uploads(intakeLimits);

  const control = (action: JobAction) =>
    handlers.unary(async (request: { name: string; requestId: string }): Promise<{ job: Job }> => {
      const engine = await coordinator.leading();
      const view = await engine.controlJob(action, parseJobName(request.name, "name"), request.requestId);
      return { job: encodeJob(view) };
    });

  async function* watch(name: string, signal: AbortSignal): AsyncGenerator<WatchJobResponse, void, undefined> {
    const engine = await coordinator.leading();
    for await (const view of engine.watchJob(parseJobName(name, "name"), signal)) yield { job: encodeJob(view) };
  }

  return {
    CreateJob: handlers.unary(async (request) => {
      const engine = await coordinator.leading();
      return { job: encodeJob(await engine.createJob(decodeNewJob(request))) };
    }),
    GetJob: handlers.unary(async ({ name }) => ({ job: encodeJob(await jobs.getJob(parseJobName(name, "name"))) })),
    ListJobs: handlers.unary(async (request) => {
      const project = parseProjectName(request.parent, "parent");
      const { items, next } = await readPage(request, (page) => jobs.listJobs(project, page));
      return { jobs: items.map((record) => encodeJob(jobs.view(record))), nextPageToken: next ?? "" };
    }),
    WatchJob: handlers.serverStream(({ name }, signal) => watch(name, signal)),
    PauseJob: control("pause"),
    ResumeJob: control("resume"),
    CancelJob: control("cancel"),
    ListTrials: handlers.unary(async (request) => {
      const key = parseJobName(request.parent, "parent");
      const { items, next } = await readPage(request, (page) => jobs.listTrials(key, page));
      return { trials: items.map(encodeTrial), nextPageToken: next ?? "" };
    }),
    ListRounds: handlers.unary(async (request) => {
      const key = parseJobName(request.parent, "parent");
      const { items, next } = await readPage(request, (page) => jobs.listRounds(key, page));
      return { rounds: items.map(encodeRound), nextPageToken: next ?? "" };
    }),
    ReadJobLog: handlers.serverStream(({ name }) => readJobLog(jobs, parseJobName(name, "name"))),
    UploadFile: handlers.clientStream(async (requests) => uploads.receive(await coordinator.leading(), requests)),
  };
}

/** Throws EngineError `invalid`, or SpecError for a spec that is no JSON. */
function decodeNewJob(request: CreateJobRequest__Output): NewJob {
  if (Buffer.byteLength(request.specJson) > maxSpecBytes) {
    throw invalidField("spec_json", `must have at most ${maxSpecBytes} bytes (1 MiB).`);
  }
  const files = Object.entries(request.files);
  for (const [path, sha256] of files) checkSha256(sha256, `files[${JSON.stringify(path)}]`);
  return {
    project: parseProjectName(request.parent, "parent"),
    jobId: request.jobId,
    spec: parseJson(request.specJson),
    files: new Map(files),
    requestId: request.requestId,
    validateOnly: request.validateOnly,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SpecError([{ path: "", message: `The spec is not JSON: ${why}` }]);
  }
}
