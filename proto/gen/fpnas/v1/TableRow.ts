// Original file: proto/fpnas/v1/network.proto


/**
 * One row of a tabular benchmark.
 */
export interface TableRow {
  /**
   * SHA-256 of the table's bytes as submitted: 64 lower-case hexadecimal digits. Never empty.
   */
  'tableSha256'?: (string);
  /**
   * Index of the chosen arm for each of the table's choices, in the order of its choices. Never empty.
   */
  'arms'?: (number)[];
}

/**
 * One row of a tabular benchmark.
 */
export interface TableRow__Output {
  /**
   * SHA-256 of the table's bytes as submitted: 64 lower-case hexadecimal digits. Never empty.
   */
  'tableSha256': (string);
  /**
   * Index of the chosen arm for each of the table's choices, in the order of its choices. Never empty.
   */
  'arms': (number)[];
}
