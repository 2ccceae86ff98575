import * as grpc from "@grpc/grpc-js";
import { packageDefinition, searchService } from "../../proto/load.ts";
import type { Job } from "../../proto/gen/fpnas/v1/Job.ts";
import type { SearchServiceHandlers } from "../../proto/gen/fpnas/v1/SearchService.ts";

/** A SearchService of which a test writes the methods that it needs; the others answer UNIMPLEMENTED. */
export class ScriptedServer {
  readonly port: number;
  readonly #server: grpc.Server;

  private constructor(server: grpc.Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(handlers: Partial<SearchServiceHandlers>, port = 0): Promise<ScriptedServer> {
    const server = new grpc.Server({ "grpc.max_receive_message_length": 4 * 1024 * 1024 });
    server.addService(searchService.service, handlers as grpc.UntypedServiceImplementation);
    const bound = await new Promise<number>((resolve, reject) =>
      server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, free) =>
        error === null ? resolve(free) : reject(error),
      ),
    );
    return new ScriptedServer(server, bound);
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Drops every connection at once, as when the process is killed. */
  kill(): void {
    this.#server.forceShutdown();
  }
}

/** A running job as it stands on the wire. */
export function wireJob(change: Job = {}): Job {
  return {
    name: "projects/default/jobs/j",
    state: "STATE_RUNNING",
    specJson: JSON.stringify({ name: "j" }),
    createTimeMs: 1_700_000_000_000,
    progress: { entropy: 1.5, entropyStart: 2 },
    ...change,
  };
}

/** An error whose trailer carries google.rpc.Status with a BadRequest. */
export function badRequest(violations: readonly { field: string; description: string }[]): grpc.ServiceError {
  const value = serialize("google.rpc.BadRequest", { fieldViolations: violations });
  const info = serialize("google.rpc.ErrorInfo", { reason: "INVALID_SPEC", domain: "fpnas" });
  const details = { "google.rpc.ErrorInfo": info, "google.rpc.BadRequest": value };
  return detailedError(grpc.status.INVALID_ARGUMENT, "the spec has mistakes", details);
}

/** What a follower answers to all that only the leader can do. */
export function notLeader(leader: string | null): grpc.ServiceError {
  const metadata = leader === null ? {} : { leader };
  const info = serialize("google.rpc.ErrorInfo", { reason: "NOT_LEADER", domain: "fpnas", metadata });
  return detailedError(grpc.status.UNAVAILABLE, "this coordinator does not lead", { "google.rpc.ErrorInfo": info });
}

function detailedError(
  code: grpc.status,
  message: string,
  byType: Readonly<Record<string, Buffer>>,
): grpc.ServiceError {
  const details = Object.entries(byType).map(([type, value]) => ({ type_url: `type.googleapis.com/${type}`, value }));
  const metadata = new grpc.Metadata();
  metadata.set("grpc-status-details-bin", serialize("google.rpc.Status", { code, message, details }));
  return statusError(code, message, metadata);
}

export function statusError(code: grpc.status, details: string, metadata = new grpc.Metadata()): grpc.ServiceError {
  return Object.assign(new Error(details), { code, details, metadata });
}

function serialize(name: string, message: object): Buffer {
  const definition = packageDefinition[name] as unknown as { serialize(message: object): Buffer };
  return definition.serialize(message);
}
