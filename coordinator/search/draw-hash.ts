import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/**
 * What tells a draw of a supernet's search from every other: each is a trial of its own, with train batches of its own, and no lookup finds
 * it for another draw of the same network.
 * @param networkHash canonical hash of the network as the space decodes it.
 * @param round from 1.
 * @param sample place among the samples of the round, from 0.
 */
export function drawHash(networkHash: string, round: number, sample: number): string {
  return bytesToHex(sha256(utf8ToBytes(`${networkHash}/${String(round)}/${String(sample)}`)));
}
