import { encodeNetwork } from "../../../network/codec.ts";
import type { Lease } from "../../../proto/gen/fpnas/v1/Lease.ts";
import type { OutcomeAck } from "../../../proto/gen/fpnas/v1/OutcomeAck.ts";
import { arms, choices } from "../orchestration/bench-job.ts";

/** The most that the benchmark's workers ask for at a time. */
const most = 1024;

const keys = Array.from({ length: most }, (_, index) => ({
  trial: `projects/default/jobs/bench/trials/${10_000 + index}`,
  leaseToken: 1,
}));

const network = encodeNetwork({
  type: "tableRow",
  tableSha256: "0123456789abcdef".repeat(4),
  arms: Array.from({ length: choices }, (_, index) => index % arms),
});

/** Leases as the benchmark's job gives them. */
export const sampleLeases: readonly Lease[] = keys.map((key) => ({
  key,
  network,
  evaluation: { seed: 3_000_000_000, tabular: {} },
}));

/** Their acknowledgements. */
export const sampleAcks: readonly OutcomeAck[] = keys.map((key) => ({ key, verdict: "VERDICT_ACCEPTED" }));
