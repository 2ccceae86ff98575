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
   * Chosen by the caller, anew for each request, such as a UUID; at most 128 characters. A repeat with the same id returns the first
   * answer and changes nothing: while the first is under way, after a restart of the coordinator, and for at least 24 hours after the
   * answer. A request that was refused changed nothing, and its repeat is tried anew. INVALID_ARGUMENT where the id was used for another
   * request. Empty: no such protection.
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
   * Chosen by the caller, anew for each request, such as a UUID; at most 128 characters. A repeat with the same id returns the first
   * answer and changes nothing: while the first is under way, after a restart of the coordinator, and for at least 24 hours after the
   * answer. A request that was refused changed nothing, and its repeat is tried anew. INVALID_ARGUMENT where the id was used for another
   * request. Empty: no such protection.
   */
  'requestId': (string);
  /**
   * Only check: nothing is created, and the answer carries the job as it would be.
   */
  'validateOnly': (boolean);
}
