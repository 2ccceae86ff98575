import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { namedStream, uniformIndex } from "../../../coordinator/search/rng.ts";
import { openWeightsStore, type DiskWeights } from "../../../coordinator/weights/open-store.ts";
import { sharedSlices } from "../../../network/shared-weights.ts";
import { encodeWeights, sliceSize } from "../../../network/weights-codec.ts";
import { LocalWeights } from "../../bench/supernet/local-weights.ts";
import { supernetSpace } from "../../support/search-supernet.ts";

let store: DiskWeights | undefined;
let folder = "";
afterEach(async () => {
  await store?.close();
  await rm(folder, { recursive: true, force: true });
});

test("the benchmark's weights in memory are those of the coordinator's store, number for number", async () => {
  folder = await mkdtemp(join(tmpdir(), "fpnas-local-weights-"));
  store = await openWeightsStore(folder);
  const local = new LocalWeights();
  const supernet = supernetSpace.supernet!();
  const { tensors } = supernet;
  const merge = async (round: number, updates: readonly { sha256: string; weight: number }[]) => {
    const task = { round, tensors, seed: 7, updates, momentum: 0.8 };
    await store!.merge("job", task);
    local.merge(task);
  };
  await merge(0, []);
  const all = tensors.map(({ tensor, shape }) => ({ tensor, shape }));
  for (let round = 1; round <= 3; round++) {
    const updates = [];
    for (const trial of [1, 2]) {
      const stream = namedStream(round, `arms/${trial}`);
      const graph = supernet.decode(supernetSpace.choices.map(({ arms }) => uniformIndex(stream, arms.length)));
      const slices = sharedSlices(graph);
      const values = slices.map((slice) =>
        Float32Array.from({ length: sliceSize(slice) }, () => stream.uniform() - 0.5),
      );
      const bytes = encodeWeights(values, "float32");
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const header = { trial, version: round, slices, precision: "float32", sha256 } as const;
      await store.putUpdate(
        "job",
        header,
        (async function* () {
          yield await Promise.resolve(bytes);
        })(),
      );
      expect(await local.put({ version: round, slices, precision: "float32", values })).toEqual({
        sha256,
        sizeBytes: bytes.length,
      });
      updates.push({ sha256, weight: trial / 3 });
    }
    await merge(round, updates);
    const request = { version: round + 1, slices: all, precision: "float32" } as const;
    const hash = createHash("sha256");
    for await (const chunk of store.fetch("job", round + 1, all, "float32")) hash.update(chunk);
    const held = createHash("sha256").update(encodeWeights(await local.fetch(request), "float32"));
    expect(held.digest("hex")).toBe(hash.digest("hex"));
  }
});
