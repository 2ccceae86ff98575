/** One mistake in what somebody wrote or sent. */
export interface Mistake {
  /** Path such as "graph.layers[2].mbconv.kernel"; empty for the document as a whole. */
  readonly path: string;
  /** What is wrong and what is allowed. */
  readonly message: string;
}

/** Thrown by what reads documents of others: lists every mistake found, one a line. */
export class InputError extends Error {
  readonly mistakes: readonly Mistake[];
  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)).join("\n"));
    this.name = new.target.name;
    this.mistakes = mistakes;
  }
}

/** What is wrong with a network: it uses something that this version does not know, or it makes no sense. */
export type NetworkErrorCode = "unknown_operation" | "invalid";

/** A network that cannot be read. */
export class NetworkError extends InputError {
  /** `unknown_operation` as soon as one layer or activation is not known: a newer program may well know it. */
  readonly code: NetworkErrorCode;
  constructor(code: NetworkErrorCode, mistakes: readonly Mistake[]) {
    super(mistakes);
    this.code = code;
  }
}

/** A table of known results that cannot be read. */
export class TableError extends InputError {}
