import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import type { CoordinatorMetrics } from "./metrics.ts";

/** Serves metrics over plain HTTP. */
export interface MetricsServer {
  /** HOST:PORT really bound. */
  readonly address: string;
  /** Idempotent, never rejects. */
  stop(): Promise<void>;
}

/** Serves `/metrics` at HOST:PORT, and nothing else. Rejects with an Error that names the address where it cannot be bound. */
export async function serveMetrics(
  metrics: CoordinatorMetrics,
  listen: string,
  logger: Logger,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const isAsked = request.url === "/metrics" && (request.method === "GET" || request.method === "HEAD");
    if (!isAsked) {
      response.writeHead(404, { "content-type": "text/plain" }).end("There is /metrics.\n");
      return;
    }
    metrics.text().then(
      (text) => void response.writeHead(200, { "content-type": metrics.contentType }).end(text),
      (error: unknown) => {
        logger.error({ err: error }, "metrics cannot be told");
        response.writeHead(500).end();
      },
    );
  });
  const { host, port } = parse(listen);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new Error(`cannot serve metrics at ${listen}: ${error.message}`)));
    server.listen(port, host, resolve);
  });
  return { address: addressOf(server, listen), stop: () => close(server) };
}

function parse(listen: string): { readonly host: string; readonly port: number } {
  const colon = listen.lastIndexOf(":");
  return { host: listen.slice(0, colon).replace(/^\[|\]$/g, ""), port: Number(listen.slice(colon + 1)) };
}

function addressOf(server: Server, listen: string): string {
  return `${listen.slice(0, listen.lastIndexOf(":"))}:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
