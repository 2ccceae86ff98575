import { describeMachine } from "../service/machine.ts";
import { benchFlat } from "./flat.ts";
import { benchFleet } from "./fleet.ts";
import { parseOrchestration, type OrchestrationOptions, type OrchestrationPart } from "./options.ts";
import { benchPeers } from "./peers.ts";
import { benchThroughput } from "./throughput.ts";

type Bench = (options: OrchestrationOptions, print: (line: string) => void) => Promise<void>;

const benches: Readonly<Record<OrchestrationPart, Bench>> = {
  throughput: benchThroughput,
  flat: benchFlat,
  fleet: benchFleet,
  peers: benchPeers,
};

/** How fast the coordinator hands out trials and makes their outcomes durable, over real gRPC. Flags: options.ts. */
export async function benchOrchestration(flags: readonly string[], print: (line: string) => void): Promise<void> {
  const options = parseOrchestration(flags);
  print(`npm run bench -- orchestration ${flags.join(" ")}\n${describeMachine(options.folder)}\n`);
  for (const part of options.parts) await benches[part](options, print);
}
