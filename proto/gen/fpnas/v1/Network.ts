// Original file: proto/fpnas/v1/network.proto

import type { Graph as _fpnas_v1_Graph, Graph__Output as _fpnas_v1_Graph__Output } from '../../fpnas/v1/Graph.ts';
import type { TableRow as _fpnas_v1_TableRow, TableRow__Output as _fpnas_v1_TableRow__Output } from '../../fpnas/v1/TableRow.ts';

/**
 * A concrete network: all that a worker needs to know of an architecture. Its canonical JSON form is hashed to tell equal networks.
 */
export interface Network {
  /**
   * A network to build and train.
   */
  'graph'?: (_fpnas_v1_Graph | null);
  /**
   * A row of a table of known results, for tabular jobs.
   */
  'tableRow'?: (_fpnas_v1_TableRow | null);
  /**
   * Exactly one is set.
   */
  'kind'?: "graph"|"tableRow";
}

/**
 * A concrete network: all that a worker needs to know of an architecture. Its canonical JSON form is hashed to tell equal networks.
 */
export interface Network__Output {
  /**
   * A network to build and train.
   */
  'graph'?: (_fpnas_v1_Graph__Output | null);
  /**
   * A row of a table of known results, for tabular jobs.
   */
  'tableRow'?: (_fpnas_v1_TableRow__Output | null);
  /**
   * Exactly one is set.
   */
  'kind'?: "graph"|"tableRow";
}
