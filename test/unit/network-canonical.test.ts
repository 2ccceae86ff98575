import { describe, expect, test } from "@jest/globals";
import { canonicalJson, networkHash } from "../../network/canonical.ts";
import type { Network } from "../../network/types.ts";

const network: Network = {
  type: "graph",
  input: { height: 8, width: 8, channels: 1 },
  layers: [{ type: "globalPool" }, { type: "dense", units: 10, bias: true, activation: "none" }],
};

describe("the canonical form", () => {
  test("is compact JSON in the order of network.proto", () => {
    expect(canonicalJson(network)).toBe(
      '{"graph":{"input":{"height":8,"width":8,"channels":1},"layers":[{"globalPool":{}},' +
        '{"dense":{"units":10,"bias":true,"activation":"ACTIVATION_NONE"}}]}}',
    );
    expect(canonicalJson({ type: "tableRow", tableSha256: "ab", arms: [0, 2] })).toBe(
      '{"tableRow":{"tableSha256":"ab","arms":[0,2]}}',
    );
  });

  test("is hashed with SHA-256; the hash is part of what is stored and must never change", () => {
    expect(networkHash(network)).toBe("5817e14f8c944db3dab5cd975f9dece66d441c21d65dbc0a131248d49620cfdc");
  });
});
