import type { WeightsUpdate } from "../../../network/measurement.ts";
import { flowControlBytes } from "../../../proto/flow-control.ts";
import type { World } from "../world/world.ts";
import { linkBytesPerMs, oneWayMs } from "./fleet-model.ts";
import type { FleetWeights } from "./fleet-weights.ts";
import { SharedLink } from "./link.ts";

/**
 * The way of weights between workers and the coordinator, whose own link they all share in each direction. A worker's link carries no more
 * than one transfer a direction, so of two equal links it is never the narrower one. A transfer passes no more than its window of flow
 * control a round trip.
 */
export class FleetWire {
  readonly down: SharedLink;
  readonly up: SharedLink;
  private readonly world: World;
  private readonly weights: FleetWeights;
  private updates = 0;

  constructor(world: World, weights: FleetWeights) {
    this.world = world;
    this.weights = weights;
    const most = flowControlBytes / (2 * oneWayMs);
    this.down = new SharedLink(world, linkBytesPerMs, most);
    this.up = new SharedLink(world, linkBytesPerMs, most);
  }

  /** Weights come to a worker that asks for them. */
  async fetch(bytes: number): Promise<void> {
    await this.pass();
    await this.down.carry(bytes);
    await this.pass();
  }

  /** An update goes to the coordinator, which stores it and says so. */
  async put(bytes: number): Promise<WeightsUpdate> {
    this.updates += 1;
    const sha256 = this.updates.toString(16).padStart(64, "0");
    await this.pass();
    await this.up.carry(bytes);
    await this.weights.store(sha256, bytes);
    await this.pass();
    return { sha256, sizeBytes: bytes };
  }

  private pass(): Promise<void> {
    return new Promise((resolve) => void this.world.after(oneWayMs, resolve));
  }
}
