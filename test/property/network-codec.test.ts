import { describe, expect, test } from "@jest/globals";
import type { MessageTypeDefinition } from "@grpc/proto-loader";
import fc from "fast-check";
import { canonicalJson, networkHash } from "../../network/canonical.ts";
import { decodeNetwork, encodeNetwork } from "../../network/codec.ts";
import { costBreakdown } from "../../network/cost.ts";
import { NetworkError } from "../../network/errors.ts";
import type { Network as NetworkMessage } from "../../proto/gen/fpnas/v1/Network.ts";
import { packageDefinition } from "../../proto/load.ts";
import { graphs, networks } from "../support/network-arbitraries.ts";

const wire = packageDefinition["fpnas.v1.Network"] as MessageTypeDefinition<NetworkMessage, object>;

describe("the codec of networks", () => {
  test("gives back every network from its JSON form", () => {
    fc.assert(
      fc.property(networks, (network) => {
        expect(decodeNetwork(JSON.parse(JSON.stringify(encodeNetwork(network))))).toEqual(network);
      }),
    );
  });

  test("gives back every network that went over the wire", () => {
    fc.assert(
      fc.property(networks, (network) => {
        const message: NetworkMessage = encodeNetwork(network);
        expect(decodeNetwork(wire.deserialize(wire.serialize(message)))).toEqual(network);
      }),
    );
  });

  test("gives the same hash whatever the order of the keys in memory", () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, reversed(inner)]),
      );
    };
    fc.assert(
      fc.property(networks, (network) => {
        expect(networkHash(decodeNetwork(reversed(encodeNetwork(network))))).toBe(networkHash(network));
        expect(networkHash(reversed(network) as typeof network)).toBe(networkHash(network));
      }),
    );
  });

  test("gives different texts to different networks", () => {
    fc.assert(
      fc.property(networks, networks, (a, b) => {
        expect(canonicalJson(a) === canonicalJson(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test("answers anything else with a NetworkError, and never with another", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          decodeNetwork(value);
        } catch (error) {
          expect(error).toBeInstanceOf(NetworkError);
        }
      }),
    );
  });
});

describe("the cost of graphs", () => {
  test("sums its rows, and its params are their kinds together", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { layers, ...total } = costBreakdown(graph);
        const sum = (key: "macs" | "weights" | "biases" | "batchNorm" | "poolInputs") =>
          layers.reduce((all, layer) => all + layer[key], 0);
        expect(layers).toHaveLength(graph.layers.length);
        expect(total.macs).toBe(sum("macs"));
        expect(total.poolInputs).toBe(sum("poolInputs"));
        expect(total.params).toBe(sum("weights") + sum("biases") + sum("batchNorm"));
      }),
    );
  });
});
