import type { Engine } from "../../../coordinator/scheduling/engine.ts";
import { WorkCall } from "../../../coordinator/rpc/work-stream.ts";
import type { WorkStream, WorkStreamEvents } from "../../../worker/client/coordinator.ts";
import type { WorkRequest } from "../../../worker/client/lease.ts";
import { decodeResponse, encodeRequest } from "../../../worker/client/messages.ts";
import { silent } from "../../support/scheduling-bench.ts";
import { SimCall } from "../cluster/call.ts";
import { wire } from "../cluster/wire.ts";
import type { World } from "../world/world.ts";
import { oneWayMs } from "./fleet-model.ts";

/** A Work stream that neither breaks nor tarries: each message takes the same time. */
export class FleetStream implements WorkStream {
  private readonly world: World;
  private readonly workerId: string;
  private readonly call: SimCall;
  private isIntroduced = false;

  constructor(world: World, engine: Engine, workerId: string, events: WorkStreamEvents) {
    this.world = world;
    this.workerId = workerId;
    this.call = new SimCall({
      written: (response) => {
        const bytes = wire.encodeResponse(response);
        this.later(() => events.received(decodeResponse(wire.decodeResponse(bytes))));
        return true;
      },
      over: (status) => this.later(() => events.ended(status)),
    });
    WorkCall.serve(engine, this.call.asServerCall, silent);
  }

  send(request: WorkRequest): void {
    const message = { ...encodeRequest(request), ...(this.isIntroduced ? {} : { workerId: this.workerId }) };
    this.isIntroduced = true;
    const bytes = wire.encodeRequest(message);
    this.later(() => this.call.arrive(wire.decodeRequest(bytes)));
  }

  end(): void {
    this.later(() => this.call.arriveEnd());
  }

  cancel(): void {
    this.later(() => this.call.lose());
  }

  private later(run: () => void): void {
    this.world.after(oneWayMs, run);
  }
}
