// Original file: proto/fpnas/v1/worker.proto


/**
 * Who the worker is and what it can do.
 */
export interface RegisterRequest {
  /**
   * Unique for the life of the worker process: 1 to 128 characters of [A-Za-z0-9._-].
   */
  'workerId'?: (string);
  /**
   * The host's name, for people. May be empty.
   */
  'host'?: (string);
  /**
   * What it computes with: "tensorflow", "wasm", "cpu". May be empty.
   */
  'backend'?: (string);
  /**
   * Evaluators it has: "tabular", "train", "train.final", "command", "supernet". Never empty; it is leased only trials of these. "train.final" is
   * for final trainings, and means all fields of TrainEvaluation; "train" is for those of a search, without the last three. A worker has "command"
   * only where its operator allows it: it then runs whatever program a job names.
   */
  'evaluators'?: (string)[];
  /**
   * Version of the worker program. May be empty.
   */
  'version'?: (string);
}

/**
 * Who the worker is and what it can do.
 */
export interface RegisterRequest__Output {
  /**
   * Unique for the life of the worker process: 1 to 128 characters of [A-Za-z0-9._-].
   */
  'workerId': (string);
  /**
   * The host's name, for people. May be empty.
   */
  'host': (string);
  /**
   * What it computes with: "tensorflow", "wasm", "cpu". May be empty.
   */
  'backend': (string);
  /**
   * Evaluators it has: "tabular", "train", "train.final", "command", "supernet". Never empty; it is leased only trials of these. "train.final" is
   * for final trainings, and means all fields of TrainEvaluation; "train" is for those of a search, without the last three. A worker has "command"
   * only where its operator allows it: it then runs whatever program a job names.
   */
  'evaluators': (string)[];
  /**
   * Version of the worker program. May be empty.
   */
  'version': (string);
}
