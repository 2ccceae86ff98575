import { leasesHeld } from "../../../worker/runner-leases.ts";
import { figure, markdownTable } from "../markdown-table.ts";
import { peers } from "../peers/peer.ts";
import { runPeer } from "../peers/run-peer.ts";
import type { OrchestrationOptions } from "./options.ts";
import { runTrials } from "./trial-run.ts";

const clientCounts = [1, 4];

/** Trials a second beside those of other services: random search on the same space, with as many clients as workers. */
export async function benchPeers(options: OrchestrationOptions, print: (line: string) => void): Promise<void> {
  const { store, folder, seconds, nodeArgs } = options;
  const rows: string[][] = [];
  for (const clients of clientCounts) {
    const window = { unit: "seconds", from: 2, to: 2 + seconds } as const;
    const load = { workers: clients, held: leasesHeld.tabular, evaluationMs: 0, windows: [window] };
    const { windows } = await runTrials({ algorithm: "random", store, folder, load, nodeArgs });
    const [seen] = windows;
    if (seen === undefined) throw new Error("the load has no window");
    const ours = seen.trials / seen.seconds;
    for (const peer of peers) {
      try {
        const theirs = await runPeer(peer, clients, seconds, folder, print);
        rows.push([`${peer.name}, ${clients}`, figure(ours / theirs), figure(ours), figure(theirs)]);
      } catch (error) {
        // A peer that cannot be had here does not end the run: the others' figures stand.
        const why = error instanceof Error ? error.message : String(error);
        rows.push([`${peer.name}, ${clients}`, `not measured: ${why.replace(/\s+/g, " ")}`, figure(ours), "–"]);
      }
    }
  }
  print(`\n### Beside other services\n\n${markdownTable(head, rows)}\n`);
}

const head = ["service, clients", "ours : theirs", "ours, trials/s", "theirs, trials/s"];
