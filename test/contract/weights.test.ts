import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWeightsStore } from "../../coordinator/weights/open-store.ts";
import { MemoryWeights } from "../support/memory-weights.ts";
import { describeWeights } from "../support/weights-contract.ts";

describeWeights({
  name: "in memory",
  create: () => Promise.resolve({ weights: new MemoryWeights(), remove: () => Promise.resolve() }),
});

describeWeights({
  name: "on disk",
  async create() {
    const folder = mkdtempSync(join(tmpdir(), "fpnas-weights-"));
    const weights = await openWeightsStore(join(folder, "weights"));
    return {
      weights,
      async remove() {
        await weights.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
});
