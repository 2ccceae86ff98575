import { status } from "@grpc/grpc-js";
import { silent } from "../../support/scheduling-bench.ts";
import { toStatus } from "../../../coordinator/rpc/status.ts";
import type { Engine } from "../../../coordinator/scheduling/engine.ts";
import type { Dice } from "../world/dice.ts";
import type { SimProcess } from "../world/process.ts";
import type { World } from "../world/world.ts";
import type { Host } from "./host.ts";
import type { SimStream } from "./stream.ts";
import type { Troubles } from "./troubles.ts";

/** How long a connection may be silent before either end gives it up (keepalive). */
const keepaliveMs = { worker: 15_000, coordinator: 30_000 };

/** What a caller is told where nobody answers. */
export function unavailable(why: string): Error {
  return Object.assign(new Error(why), { code: status.UNAVAILABLE });
}

/** Everything between the coordinator and those who call it: delays, lost calls, partitions, broken connections. */
export class Network {
  readonly host: Host;
  private readonly world: World;
  private readonly dice: Dice;
  private readonly troubles: Troubles;
  /** Those who are cut off, with a number for each time. */
  private readonly partitions = new Map<string, number>();
  private cuts = 0;
  private readonly streams = new Set<SimStream>();

  constructor(world: World, troubles: Troubles, host: Host) {
    this.world = world;
    this.dice = world.dice("network");
    this.troubles = troubles;
    this.host = host;
    host.onDeath((process) => this.serverDied(process));
  }

  /** How long one message is under way, in milliseconds. */
  delay(): number {
    const luck = this.dice.random();
    if (!this.troubles.has("slowNetwork")) return Math.round(luck * 20);
    return luck < 0.9 ? Math.round(luck * 200) : this.dice.wait(luck < 0.98 ? 2_000 : 15_000);
  }

  /** When one end of a connection finds that the other has given it up. */
  untilNoticed(by: keyof typeof keepaliveMs): number {
    return this.dice.whole(0, keepaliveMs[by]);
  }

  isCutOff(client: string): boolean {
    return this.partitions.has(client);
  }

  /** One call and its answer, either of which may be lost; what was sent may still have its effect after the caller has given up. */
  call<T>(client: SimProcess, machine: string, timeoutMs: number, serve: (engine: Engine) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timeout = client.after(timeoutMs, () => reject(unavailable("no answer in time")));
      const arrive = (settle: () => void): void => {
        timeout.cancel();
        settle();
      };
      const answer = (settle: () => void): void => {
        if (this.isLost(machine)) return;
        this.world.after(this.delay(), () => this.isCutOff(machine) || client.run(() => arrive(settle)));
      };
      this.world.after(this.delay(), () => {
        if (this.isLost(machine)) return;
        const { process, engine } = this.host;
        if (process === null || engine === null) {
          answer(() => reject(unavailable("nobody listens")));
          return;
        }
        process.run(() => {
          // After the turn in which it arrived, as a request that waits for its body.
          Promise.resolve()
            .then(() => serve(engine))
            .then(
              (value) => process.run(() => answer(() => resolve(value))),
              (error: unknown) => process.run(() => answer(() => reject(toStatus(error, silent)))),
            );
        });
      });
    });
  }

  attach(stream: SimStream): void {
    this.streams.add(stream);
  }

  detach(stream: SimStream): void {
    this.streams.delete(stream);
  }

  /** Nothing passes between this machine and the coordinator, until it is healed; then what was held back arrives. */
  partition(machine: string): void {
    const cut = (this.cuts += 1);
    this.partitions.set(machine, cut);
    for (const stream of this.streamsOf(machine)) {
      this.world.after(this.dice.whole(5_000, keepaliveMs.worker), () => {
        if (this.partitions.get(machine) === cut) stream.clientNotices("keepalive");
      });
      this.world.after(this.dice.whole(20_000, keepaliveMs.coordinator), () => {
        if (this.partitions.get(machine) === cut) stream.serverNotices();
      });
    }
  }

  heal(machine: string): void {
    if (!this.partitions.delete(machine)) return;
    for (const stream of this.streamsOf(machine)) stream.releaseHeld();
  }

  healAll(): void {
    for (const machine of [...this.partitions.keys()]) this.heal(machine);
  }

  /** Breaks a connection of the machine, in one of the ways in which connections break; false where there is none. */
  breakOne(machine: string): boolean {
    const stream = this.streamsOf(machine).at(-1);
    if (stream === undefined) return false;
    const { dice, world } = this;
    const way = dice.pick(["reset", "workerFirst", "coordinatorFirst", "abandoned"] as const);
    world.note(machine, `connection breaks: ${way}`);
    const soon = (): number => dice.whole(0, 500);
    if (way !== "abandoned") stream.cut();
    world.after(way === "coordinatorFirst" ? dice.whole(1_000, keepaliveMs.worker) : soon(), () =>
      stream.clientNotices("connection reset"),
    );
    const serverMs =
      way === "reset" || way === "coordinatorFirst" ? soon() : dice.whole(1_000, keepaliveMs.coordinator);
    world.after(serverMs, () => stream.serverNotices());
    return true;
  }

  /** The process on a machine is gone: its connections end, and what it had sent may still arrive. */
  clientDied(machine: string): void {
    for (const stream of this.streamsOf(machine)) {
      stream.cut(this.dice.chance(0.5) ? "both" : "down");
      const late = this.dice.chance(0.25);
      this.world.after(late ? this.dice.whole(1_000, keepaliveMs.coordinator) : this.dice.whole(0, 500), () =>
        stream.serverNotices(),
      );
    }
  }

  /** The process on a machine stands still: the coordinator gives its connections up if that lasts. */
  clientFroze(process: SimProcess, machine: string): void {
    for (const stream of this.streamsOf(machine)) {
      this.world.after(this.dice.whole(20_000, keepaliveMs.coordinator), () => {
        if (process.isFrozen) stream.serverNotices();
      });
    }
  }

  /** The coordinator stands still: workers give their connections up if that lasts. */
  serverFroze(process: SimProcess): void {
    for (const stream of this.streams) {
      this.world.after(this.dice.whole(10_000, keepaliveMs.worker), () => {
        if (process.isFrozen) stream.clientNotices("keepalive");
      });
    }
  }

  private serverDied(process: SimProcess): void {
    for (const stream of this.streams) {
      if (!stream.isServedBy(process)) continue;
      stream.cut(this.dice.chance(0.5) ? "both" : "up");
      const late = this.dice.chance(0.2);
      this.world.after(late ? this.dice.whole(1_000, keepaliveMs.worker) : this.dice.whole(0, 500), () =>
        stream.clientNotices("connection reset"),
      );
    }
  }

  private isLost(machine: string): boolean {
    return this.isCutOff(machine) || (this.troubles.has("lostAnswers") && this.dice.chance(0.1));
  }

  private streamsOf(machine: string): readonly SimStream[] {
    return [...this.streams].filter((stream) => stream.machine === machine);
  }
}
