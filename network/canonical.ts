import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { encodeNetwork } from "./codec.ts";
import type { Network } from "./types.ts";

/** The one text of a network: its proto3 JSON form with every field given, keys in the order of network.proto, no white space. */
export function canonicalJson(network: Network): string {
  return JSON.stringify(encodeNetwork(network));
}

/** SHA-256 of the canonical JSON as 64 lower-case hexadecimal digits: equal for equal networks, and for those alone. */
export function networkHash(network: Network): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(network))));
}
