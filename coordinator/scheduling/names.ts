import type { JobKey } from "../storage/storage.ts";
import { invalidField } from "./errors.ts";

/** Ids of projects and jobs: 1 to 63 of [a-z0-9-], the first a letter. */
const id = "[a-z][a-z0-9-]{0,62}";
const idPattern = new RegExp(`^${id}$`);
const projectPattern = new RegExp(`^projects/(${id})$`);
const jobPattern = new RegExp(`^projects/(${id})/jobs/(${id})$`);
const trialPattern = new RegExp(`^projects/(${id})/jobs/(${id})/trials/([1-9][0-9]{0,14})$`);

/** The project of requests that name none. */
const defaultProject = "default";

/** Names one trial of one job. */
export interface TrialRef {
  readonly job: JobKey;
  readonly trial: number;
}

/** Whether this can be the id of a project or a job. */
export function isId(text: string): boolean {
  return idPattern.test(text);
}

/** Reads "projects/{project}"; empty means the default project. Throws EngineError `invalid` that names `field`. */
export function parseProjectName(name: string, field: string): string {
  if (name === "") return defaultProject;
  const project = projectPattern.exec(name)?.[1];
  if (project === undefined) throw invalidField(field, `must be "projects/{project}", such as "projects/default".`);
  return project;
}

/** Reads "projects/{project}/jobs/{job}". Throws EngineError `invalid` that names `field`. */
export function parseJobName(name: string, field: string): JobKey {
  const [, project, job] = jobPattern.exec(name) ?? [];
  if (project === undefined || job === undefined) {
    throw invalidField(field, `must be "projects/{project}/jobs/{job}", such as "projects/default/jobs/first".`);
  }
  return jobKey(project, job);
}

/** Reads "projects/{project}/jobs/{job}/trials/{trial}"; null where it is no such name. */
export function parseTrialName(name: string): TrialRef | null {
  const [, project, job, trial] = trialPattern.exec(name) ?? [];
  if (project === undefined || job === undefined || trial === undefined) return null;
  return { job: jobKey(project, job), trial: Number(trial) };
}

/** The key under which a job is stored. */
export function jobKey(project: string, job: string): JobKey {
  return `${project}/${job}`;
}

/** "projects/{project}/jobs/{job}". */
export function formatJobName(key: JobKey): string {
  const [project = "", job = ""] = key.split("/");
  return `projects/${project}/jobs/${job}`;
}

/** "projects/{project}/jobs/{job}/trials/{trial}". */
export function formatTrialName(key: JobKey, trial: number): string {
  return `${formatJobName(key)}/trials/${trial}`;
}
