import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";

/** Stands between a client and a server on this host, and can cut the client off without the server's noticing. */
export class TcpProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  readonly #targets = new Set<Socket>();

  private constructor(server: Server, targetPort: number) {
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    server.on("connection", (client) => {
      const target = connect(targetPort, "127.0.0.1");
      this.#clients.add(client);
      this.#targets.add(target);
      client.on("data", (bytes) => target.write(bytes));
      target.on("data", (bytes) => {
        if (!client.destroyed) client.write(bytes);
      });
      target.on("close", () => client.destroy());
      client.on("end", () => target.end());
      for (const socket of [client, target]) socket.on("error", () => undefined);
    });
  }

  static async start(targetPort: number): Promise<TcpProxy> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new TcpProxy(server, targetPort);
  }

  /** Breaks all connections of clients; the server's stay open. New ones go through. */
  cut(): void {
    for (const client of this.#clients) client.destroy();
    this.#clients.clear();
  }

  async stop(): Promise<void> {
    this.cut();
    for (const target of this.#targets) target.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
