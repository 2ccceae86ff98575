import { algorithms } from "../../coordinator/search/algorithm/registry.ts";
import { describeSearchAlgorithm } from "../support/search-algorithm-contract.ts";
import { describeAsynchronousStages } from "../support/search-asynchronous-contract.ts";

for (const entry of algorithms) {
  describeSearchAlgorithm(entry);
  describeAsynchronousStages(entry);
}
