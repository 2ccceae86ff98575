// Original file: proto/fpnas/v1/worker.proto


/**
 * Look the network's row up in its table, which FetchFile gives by the row's hash.
 */
export interface TabularEvaluation {
}

/**
 * Look the network's row up in its table, which FetchFile gives by the row's hash.
 */
export interface TabularEvaluation__Output {
}
