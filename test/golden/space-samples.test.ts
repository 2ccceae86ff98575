import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { shippedSpaces } from "../../coordinator/search/space/registry.ts";
import { networkHash } from "../../network/canonical.ts";
import { encodeNetwork, type NetworkJson } from "../../network/codec.ts";

interface Golden {
  readonly arms: readonly number[];
  readonly hash: string;
  readonly macs: number;
  readonly params: number;
  readonly network: NetworkJson;
}

// A stored search names networks by these hashes: a change here breaks every job that is under way.
const golden = JSON.parse(readFileSync(new URL("space-samples.json", import.meta.url), "utf8")) as Readonly<
  Record<string, readonly Golden[]>
>;

describe("samples of the shipped spaces", () => {
  test("there are five of each", () => {
    expect(Object.entries(golden).map(([name, samples]) => [name, samples.length])).toEqual(
      [...shippedSpaces.keys()].map((name) => [name, 5]),
    );
  });

  test.each(Object.entries(golden))("%s decodes them to the same networks as ever", (name, samples) => {
    const space = shippedSpaces.get(name)!.make();
    for (const { arms, hash, macs, params, network } of samples) {
      const decoded = space.decode(arms);
      expect(encodeNetwork(decoded)).toEqual(network);
      expect(networkHash(decoded)).toBe(hash);
      expect(space.cost(arms)).toEqual({ macs, params });
    }
  });
});
