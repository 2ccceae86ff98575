import { logVerbosity, Server, ServerCredentials, setLogVerbosity, type ServerOptions } from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";
import { HealthImplementation } from "grpc-health-check";
import type { Logger } from "pino";
import { packageDefinition, searchService, weightsService, workerService } from "../../proto/load.ts";
import type { Coordinator } from "./coordinator.ts";
import { widenWindows } from "./flow-control.ts";
import { searchHandlers } from "./search-service.ts";
import { weightsHandlers } from "./weights-service.ts";
import { workerHandlers } from "./worker-service.ts";

const options: ServerOptions = {
  // Requests are small: specs and file pieces are at most 1 MiB each. Answers are cut to fit their readers' limits (pages.ts).
  "grpc.max_receive_message_length": 4 * 2 ** 20,
  "grpc.max_send_message_length": -1,
  // Finds workers that vanished without closing their connections.
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 10_000,
  // Probes and short calls leave sessions behind that grpc-js keeps until they are aged out. Age closes a connection to new calls only:
  // without a grace period the streams on it go on.
  "grpc.max_connection_idle_ms": 5 * 60_000,
  // No longer than idle: for each connection, also one that is gone, a timer's list of its own is kept until it would have been this old.
  "grpc.max_connection_age_ms": 5 * 60_000,
};

/** Names under which health is told: the server as a whole, and each service. */
const healthNames = ["", "fpnas.v1.SearchService", "fpnas.v1.WorkerService", "fpnas.v1.WeightsService"];

/** The gRPC servers of a coordinator. */
export class CoordinatorServer {
  /** HOST:PORT really bound. */
  readonly address: string;
  private readonly main: Server;
  private readonly probes: Server | null;
  private readonly health: HealthImplementation;

  /**
   * Serves a coordinator at `listen`, and health at `healthListen` too where that is given: well until `retire`, leading or following.
   * Rejects with an Error that names the address where it cannot be bound.
   */
  static async start(
    coordinator: Coordinator,
    logger: Logger,
    listen: string,
    healthListen: string | null,
  ): Promise<CoordinatorServer> {
    // The library would write to the console what it tells its caller as well.
    setLogVerbosity(logVerbosity.NONE);
    const health = new HealthImplementation();
    const main = new Server(options);
    main.addService(searchService.service, searchHandlers(coordinator, logger));
    main.addService(workerService.service, workerHandlers(coordinator, logger));
    main.addService(weightsService.service, weightsHandlers(coordinator, logger));
    health.addToServer(main);
    new ReflectionService(packageDefinition).addToServer(main);
    const address = await bind(main, listen);
    widenWindows(main);
    let probes: Server | null = null;
    if (healthListen !== null) {
      probes = new Server(options);
      health.addToServer(probes);
      try {
        await bind(probes, healthListen);
      } catch (error) {
        main.forceShutdown();
        throw error;
      }
    }
    for (const name of healthNames) health.setStatus(name, "SERVING");
    return new CoordinatorServer(address, main, probes, health);
  }

  private constructor(address: string, main: Server, probes: Server | null, health: HealthImplementation) {
    this.address = address;
    this.main = main;
    this.probes = probes;
    this.health = health;
  }

  /** Tells probes that it does not serve any more; calls still do. */
  retire(): void {
    for (const name of healthNames) this.health.setStatus(name, "NOT_SERVING");
  }

  /** Lets calls under way end, then closes; calls that have not ended after `graceMs` are cut off. */
  async stop(graceMs: number): Promise<void> {
    const servers = this.probes === null ? [this.main] : [this.main, this.probes];
    await Promise.all(servers.map((server) => shutDown(server, graceMs)));
  }
}

async function bind(server: Server, address: string): Promise<string> {
  const host = address.slice(0, address.lastIndexOf(":"));
  return await new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(`${host}:${port}`);
      else reject(new Error(`cannot listen at ${address}: ${error.message}`, { cause: error }));
    });
  });
}

function shutDown(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(cutOff);
      resolve();
    });
  });
}
