// Original file: proto/fpnas/v1/search.proto


/**
 * A job to create.
 */
export interface CreateJobRequest {
  /**
   * "projects/{project}". Empty means "projects/default".
   */
  'parent'?: (string);
  /**
   * Id of the job: 1 to 63 characters of [a-z0-9-], begins with a letter. Empty: the server makes one from the spec's name.
   */
  'jobId'?: (string);
  /**
   * The spec as JSON (docs/spec.md), at most 1 MiB.
   */
  'specJson'?: (string);
  /**
   * Files that the spec names: the path as written in the spec, to the SHA-256 under which it was uploaded. May be empty.
   */
  'files'?: ({[key: string]: string});
  /**
   * A repeat with the same id returns the first answer. Empty: no such protection. At most 128 characters.
   */
  'requestId'?: (string);
  /**
   * Only check: nothing is created, and the answer carries the job as it would be.
   */
  'validateOnly'?: (boolean);
}

/**
 * A job to create.
 */
export interface CreateJobRequest__Output {
  /**
   * "projects/{project}". Empty means "projects/default".
   */
  'parent': (string);
  /**
   * Id of the job: 1 to 63 characters of [a-z0-9-], begins with a letter. Empty: the server makes one from the spec's name.
   */
  'jobId': (string);
  /**
   * The spec as JSON (docs/spec.md), at most 1 MiB.
   */
  'specJson': (string);
  /**
   * Files that the spec names: the path as written in the spec, to the SHA-256 under which it was uploaded. May be empty.
   */
  'files': ({[key: string]: string});
  /**
   * A repeat with the same id returns the first answer. Empty: no such protection. At most 128 characters.
   */
  'requestId': (string);
  /**
   * Only check: nothing is created, and the answer carries the job as it would be.
   */
  'validateOnly': (boolean);
}
