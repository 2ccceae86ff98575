import { EventEmitter } from "node:events";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import type { WorkRequest__Output } from "../../../proto/gen/fpnas/v1/WorkRequest.ts";
import type { WorkResponse } from "../../../proto/gen/fpnas/v1/WorkResponse.ts";

/** What a call does to the connection under it. */
export interface CallEvents {
  /** Returns whether more may be written at once. */
  written(response: WorkResponse): boolean;
  /** The server has ended it: in order where the status is null. */
  over(status: Error | null): void;
}

/** The server's side of one Work stream, as much of gRPC's call as the coordinator uses. */
export class SimCall extends EventEmitter {
  private readonly events: CallEvents;
  private isPaused = false;
  private readonly unread: (() => void)[] = [];

  constructor(events: CallEvents) {
    super();
    this.events = events;
    this.on("error", (status: Error) => this.events.over(status));
  }

  /** The call as the coordinator's code takes it. */
  get asServerCall(): ServerDuplexStream<WorkRequest__Output, WorkResponse> {
    return this as unknown as ServerDuplexStream<WorkRequest__Output, WorkResponse>;
  }

  /** A request arrives, or waits until the server reads on. */
  arrive(request: WorkRequest__Output): void {
    this.read(() => this.emit("data", request));
  }

  /** The client has half-closed. */
  arriveEnd(): void {
    this.read(() => this.emit("end"));
  }

  /** The connection is gone as far as the server can tell. */
  lose(): void {
    this.emit("cancelled");
    this.emit("close");
  }

  write(response: WorkResponse): boolean {
    return this.events.written(response);
  }

  end(): void {
    this.events.over(null);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    for (let next = this.unread.shift(); next !== undefined; next = this.unread.shift()) {
      next();
      // Read anew: what was read may have made the server pause again.
      if (this.hasPaused()) return;
    }
  }

  private hasPaused(): boolean {
    return this.isPaused;
  }

  private read(deliver: () => void): void {
    if (this.isPaused) this.unread.push(deliver);
    else deliver();
  }
}
