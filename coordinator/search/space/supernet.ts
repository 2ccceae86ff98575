import type { SharedTensor } from "../../../network/shared-weights.ts";
import type { Graph } from "../../../network/types.ts";

/** A space whose networks are slices of one set of weights (papers: PARSEC, FP-NAS section 3). Pure and immutable, like the space. */
export interface Supernet {
  /** As the space decodes it, every layer with weights named after its place. */
  decode(arms: readonly number[]): Graph;
  /** Every tensor of which some network uses a slice, as large as the largest slice; in the order of the network. */
  readonly tensors: readonly SharedTensor[];
}
