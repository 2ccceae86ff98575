import { join } from "node:path";
import { pythonWith } from "../../../cli/bench/peers/python-environment.ts";
import { makeStore } from "../service/bench-store.ts";
import { startService, type ChildService } from "../service/child-service.ts";
import { PeerClient } from "./peer-client.ts";
import type { Peer } from "./peer.ts";

/**
 * Trials a second of a peer with so many client processes on one study, its server and its store fresh. Rejects where it cannot be
 * installed or does not run, and says why.
 * @param folder Where the store is made.
 */
export async function runPeer(
  peer: Peer,
  clients: number,
  seconds: number,
  folder: string,
  note: (text: string) => void,
): Promise<number> {
  const python = await pythonWith(peer.environment, note, new AbortController().signal);
  const store = await makeStore(peer.store, folder);
  const running: PeerClient[] = [];
  let server: ChildService | null = null;
  try {
    const log = join(store.folder, "server.log");
    server = await startService(python, [peer.server, peer.storeArgument(store.url)], log);
    for (let client = 0; client < clients; client += 1) {
      const started = new PeerClient(python, peer, server.address, client, seconds);
      running.push(started);
      // The first one makes the study.
      await started.ready();
    }
    const rates = await Promise.all(running.map((client) => client.run()));
    return rates.reduce((sum, rate) => sum + rate, 0);
  } finally {
    await Promise.all(running.map((client) => client.end()));
    await server?.end("SIGKILL");
    await store.remove();
  }
}
