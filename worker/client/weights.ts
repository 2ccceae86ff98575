import { createHash } from "node:crypto";
import { precisionNames } from "../../network/evaluation.ts";
import type { FetchWeightsResponse__Output } from "../../proto/gen/fpnas/v1/FetchWeightsResponse.ts";
import type { PutUpdateResponse__Output } from "../../proto/gen/fpnas/v1/PutUpdateResponse.ts";
import type { UpdateHeader as WireHeader } from "../../proto/gen/fpnas/v1/UpdateHeader.ts";
import type { WeightsServiceClient } from "../../proto/gen/fpnas/v1/WeightsService.ts";
import type { UpdateHeader, WeightsRequest } from "./coordinator.ts";
import { upload } from "./upload.ts";

const timeoutMs = 120_000;

const wireSlices = (slices: WeightsRequest["slices"]) =>
  slices.map(({ tensor, shape }) => ({ tensor, shape: [...shape] }));

/** As `Coordinator.fetchWeights`. */
export async function fetchWeights(
  stub: WeightsServiceClient,
  { job, version, slices, precision }: WeightsRequest,
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted();
  const request = { job, version, slices: wireSlices(slices), precision: precisionNames[precision] };
  const call = stub.fetchWeights(request, { deadline: Date.now() + timeoutMs });
  const cancel = (): void => call.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const chunks: Buffer[] = [];
    const hash = createHash("sha256");
    let told = "";
    for await (const { chunk, sha256 } of call as AsyncIterable<FetchWeightsResponse__Output>) {
      chunks.push(chunk);
      hash.update(chunk);
      told = sha256;
    }
    const found = hash.digest("hex");
    if (found !== told) throw new Error(`the weights that came have the hash ${found}, not ${told}`);
    return Buffer.concat(chunks);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

/** As `Coordinator.putUpdate`. */
export async function putUpdate(
  stub: WeightsServiceClient,
  { workerId, key, version, slices, precision, sha256 }: UpdateHeader,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<"stored" | "stale"> {
  const header = { workerId, key, version, slices: wireSlices(slices), precision: precisionNames[precision], sha256 };
  const { verdict } = await upload<WireHeader, PutUpdateResponse__Output>(
    (answered) => stub.putUpdate({ deadline: Date.now() + timeoutMs }, answered),
    header,
    bytes,
    signal,
  );
  return verdict === "VERDICT_STORED" ? "stored" : "stale";
}
