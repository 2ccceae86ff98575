import { WorkCall } from "../../../coordinator/rpc/work-stream.ts";
import type { WorkResponse__Output } from "../../../proto/gen/fpnas/v1/WorkResponse.ts";
import type { WorkStream, WorkStreamEvents } from "../../../worker/client/coordinator.ts";
import type { WorkRequest } from "../../../worker/client/lease.ts";
import { decodeResponse, encodeRequest } from "../../../worker/client/messages.ts";
import type { SimProcess } from "../world/process.ts";
import type { World } from "../world/world.ts";
import { SimCall } from "./call.ts";
import { unavailable, type Network } from "./network.ts";
import { wire } from "./wire.ts";
import type { WireWatcher } from "./wire-watcher.ts";

type Direction = "up" | "down";

/** One Work stream between a worker's process and the coordinator's: each direction is ordered, and neither is reliable. */
export class SimStream implements WorkStream {
  readonly machine: string;
  private readonly world: World;
  private readonly network: Network;
  private readonly watcher: WireWatcher;
  private readonly client: SimProcess;
  private readonly workerId: string;
  private readonly events: WorkStreamEvents;
  private server: SimProcess | null = null;
  private call: SimCall | null = null;
  private isIntroduced = false;
  private isClientOver = false;
  private isServerOver = false;
  private readonly isCut = { up: false, down: false };
  private readonly lastMs = { up: 0, down: 0 };
  private readonly held: Record<Direction, (() => void)[]> = { up: [], down: [] };

  constructor(
    parts: { readonly world: World; readonly network: Network; readonly watcher: WireWatcher },
    client: { readonly process: SimProcess; readonly machine: string; readonly workerId: string },
    events: WorkStreamEvents,
  ) {
    this.world = parts.world;
    this.network = parts.network;
    this.watcher = parts.watcher;
    this.client = client.process;
    this.machine = client.machine;
    this.workerId = client.workerId;
    this.events = events;
    this.network.attach(this);
  }

  isServedBy(process: SimProcess): boolean {
    return this.server === process;
  }

  // The worker's side.

  send(request: WorkRequest): void {
    if (this.isClientOver || !this.client.isAlive) return;
    this.watcher.reported(this.client, request);
    const message = { ...encodeRequest(request), ...(this.isIntroduced ? {} : { workerId: this.workerId }) };
    this.isIntroduced = true;
    const bytes = wire.encodeRequest(message);
    this.push("up", () => this.serve(bytes));
  }

  end(): void {
    this.push("up", () => this.call?.arriveEnd());
  }

  cancel(): void {
    this.isClientOver = true;
    this.push("up", () => this.serverNotices());
    this.forget();
  }

  private receive(response: WorkResponse__Output): void {
    this.watcher.received(this.client, response);
    this.events.received(decodeResponse(response));
  }

  /** The worker finds that the connection is gone. */
  clientNotices(why: string): void {
    this.client.run(() => this.endClient(unavailable(why)));
    // Sooner or later the other end finds out, too.
    if (!this.isServerOver) this.world.after(this.network.untilNoticed("coordinator"), () => this.serverNotices());
  }

  private endClient(error: Error | null): void {
    if (this.isClientOver) return;
    this.isClientOver = true;
    this.forget();
    this.events.ended(error);
  }

  // The coordinator's side.

  /** The coordinator finds that the connection is gone. */
  serverNotices(): void {
    if (this.server === null) this.isServerOver = true;
    this.server?.run(() => {
      if (this.isServerOver) return;
      this.isServerOver = true;
      this.call?.lose();
    });
    this.forget();
    if (!this.isClientOver)
      this.world.after(this.network.untilNoticed("worker"), () => this.clientNotices("keepalive"));
  }

  private serve(bytes: Buffer): void {
    const request = wire.decodeRequest(bytes);
    if (this.server === null) return;
    const call = this.call ?? this.accept(this.server);
    if (call === null) return;
    this.watcher.heard(this.server, request);
    call.arrive(request);
  }

  /** Where the coordinator takes calls, which it does not while it starts or stops. */
  private accept(process: SimProcess): SimCall | null {
    const { engine, logger, process: leader } = this.network.host;
    if (engine === null || process !== leader) {
      this.endServer(unavailable("nobody listens"));
      return null;
    }
    this.call = new SimCall({
      written: (response) => {
        if (!process.isAlive || this.isServerOver) return true;
        this.watcher.told(process, this.workerId, response);
        const told = wire.encodeResponse(response);
        this.push("down", () => this.receive(wire.decodeResponse(told)));
        return true;
      },
      over: (status) => {
        if (process.isAlive && !this.isServerOver) this.endServer(status);
      },
    });
    WorkCall.serve(engine, this.call.asServerCall, logger);
    return this.call;
  }

  private endServer(status: Error | null): void {
    this.isServerOver = true;
    this.push("down", () => this.endClient(status));
    const { call } = this;
    if (call !== null) this.server?.after(0, () => call.emit("close"));
    this.forget();
    // Where the word of it is lost.
    this.world.after(this.network.untilNoticed("worker"), () => this.clientNotices("keepalive"));
  }

  // Between them.

  private forget(): void {
    if (this.isClientOver && this.isServerOver) this.network.detach(this);
  }

  /** What is under way is lost, and all that is sent from now on. */
  cut(direction: Direction | "both" = "both"): void {
    if (direction !== "down") this.isCut.up = true;
    if (direction !== "up") this.isCut.down = true;
  }

  /** Lets pass what a partition has held back. */
  releaseHeld(): void {
    for (const direction of ["up", "down"] as const) {
      for (const arrive of this.held[direction].splice(0)) arrive();
    }
  }

  private push(direction: Direction, deliver: () => void): void {
    this.lastMs[direction] = Math.max(this.lastMs[direction], this.world.nowMs + this.network.delay());
    const arrive = (): void => {
      if (this.isCut[direction]) return;
      if (this.network.isCutOff(this.machine)) {
        this.held[direction].push(arrive);
        return;
      }
      if (direction === "up") this.arriveUp(deliver);
      else this.arriveDown(deliver);
    };
    this.world.after(this.lastMs[direction] - this.world.nowMs, arrive);
  }

  private arriveUp(deliver: () => void): void {
    // A connection stays with the process that it was made to.
    this.server ??= this.network.host.process;
    if (this.server === null) {
      this.endServer(unavailable("nobody listens"));
      return;
    }
    this.server.run(() => {
      if (!this.isServerOver) deliver();
    });
  }

  private arriveDown(deliver: () => void): void {
    this.client.run(() => {
      if (!this.isClientOver) deliver();
    });
  }
}
