import { ScriptedServer } from "./client-scripted-server.ts";
import type { SearchServiceHandlers } from "../../proto/gen/fpnas/v1/SearchService.ts";
import { FpnasClient } from "../../client/client.ts";

/** Servers and clients of one test, ended by `close` after it, the newest first. */
export class ClientBench {
  readonly #cleanups: (() => void)[] = [];

  async serve(handlers: Partial<SearchServiceHandlers>, port?: number): Promise<ScriptedServer> {
    const server = await ScriptedServer.start(handlers, port);
    this.onClose(() => server.kill());
    return server;
  }

  client(address: string): FpnasClient {
    const client = new FpnasClient(address);
    this.onClose(() => client.close());
    return client;
  }

  /** A client of a new server. */
  async connect(handlers: Partial<SearchServiceHandlers>): Promise<FpnasClient> {
    return this.client((await this.serve(handlers)).address);
  }

  onClose(cleanup: () => void): void {
    this.#cleanups.push(cleanup);
  }

  close(): void {
    for (const cleanup of this.#cleanups.splice(0).reverse()) cleanup();
  }
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
