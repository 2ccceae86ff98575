import type { Dice } from "../world/dice.ts";
import type { World } from "../world/world.ts";
import type { SimDisk } from "./disk.ts";
import type { Host } from "./host.ts";
import type { Network } from "./network.ts";
import type { Researcher } from "./researcher.ts";
import type { TroubleKind, Troubles } from "./troubles.ts";
import type { SimWeights } from "./weights.ts";
import type { WorkerMachine } from "./worker-machine.ts";

/** Whom troubles befall. */
export interface StormParts {
  readonly world: World;
  readonly troubles: Troubles;
  readonly host: Host;
  readonly disk: SimDisk;
  readonly weights: SimWeights;
  readonly network: Network;
  readonly workers: readonly WorkerMachine[];
  readonly researcher: Researcher;
}

/** How often a paused job is looked for once the troubles are over. */
const lookMs = 20_000;

/** The troubles that come from outside, each at its own random moments, and their end. */
export class Storm {
  private readonly parts: StormParts;

  constructor(parts: StormParts) {
    this.parts = parts;
  }

  begin(): void {
    const { host, disk, weights, network, researcher } = this.parts;
    this.again("coordinatorCrashes", 60_000, () => {
      if (host.process !== null) host.crash(host.process);
    });
    this.again("coordinatorStops", 90_000, () => host.stop());
    this.again("coordinatorFreezes", 60_000, (dice) => this.freezeCoordinator(dice));
    this.again("coordinatorReplaced", 60_000, (dice) => this.replaceCoordinator(dice));
    this.again("clockJumps", 60_000, (dice) => this.setClock(dice));
    this.again("diskDown", 60_000, (dice) => {
      disk.isDown = true;
      this.later(dice.wait(8_000), "the disk is back", () => (disk.isDown = false));
    });
    this.again("weightsDown", 60_000, (dice) => {
      weights.isDown = true;
      this.later(dice.wait(8_000), "the disk of weights is back", () => (weights.isDown = false));
    });
    this.again("workerCrashes", 25_000, (dice) => this.anyWorker(dice).crash());
    this.again("workerStops", 40_000, (dice) => this.anyWorker(dice).stop());
    this.again("workerFreezes", 30_000, (dice) => this.freezeWorker(dice));
    this.again("connectionsBreak", 12_000, (dice) => void network.breakOne(this.anyWorker(dice).name));
    this.again("partitions", 30_000, (dice) => {
      const { name } = dice.chance(0.1) ? { name: "researcher" } : this.anyWorker(dice);
      network.partition(name);
      this.later(dice.wait(25_000), `${name} is reached again`, () => network.heal(name));
    });
    this.again("controls", 25_000, () => researcher.interfere());
  }

  /** Ends all trouble: what is frozen goes on, what is cut off is reached again, what is paused is resumed. */
  end(): void {
    const { world, troubles, host, disk, weights, network, workers, researcher } = this.parts;
    troubles.areOn = false;
    disk.isDown = false;
    weights.isDown = false;
    host.process?.thaw();
    network.healAll();
    for (const { process } of workers) process?.thaw();
    const look = (): void => {
      researcher.resumeAll();
      world.after(lookMs, look);
    };
    look();
  }

  private again(kind: TroubleKind, meanMs: number, befall: (dice: Dice) => void): void {
    const { world, troubles } = this.parts;
    if (!troubles.includes(kind)) return;
    const dice = world.dice(kind);
    const next = (): void => {
      world.after(dice.wait(meanMs), () => {
        if (!troubles.areOn) return;
        world.note("storm", kind);
        befall(dice);
        next();
      });
    };
    next();
  }

  private later(delayMs: number, what: string, run: () => void): void {
    const { world, troubles } = this.parts;
    world.after(delayMs, () => {
      if (!troubles.areOn) return;
      world.note("storm", what);
      run();
    });
  }

  private freezeCoordinator(dice: Dice): void {
    const { process } = this.parts.host;
    if (process === null) return;
    process.freeze();
    this.parts.network.serverFroze(process);
    this.later(dice.wait(20_000), `${process.name} goes on`, () => process.thaw());
  }

  /** The one that stood still goes on beside its successor, until it is told. */
  private replaceCoordinator(dice: Dice): void {
    const { host, network, world } = this.parts;
    const { process } = host;
    if (process === null || host.engine === null) return;
    process.freeze();
    network.serverFroze(process);
    world.after(dice.wait(5_000), () => {
      if (host.process !== process) return;
      world.note("storm", `${process.name} is replaced`);
      host.replace();
      // Some time it is told that its lock is gone.
      world.after(dice.wait(30_000), () => host.end(process));
    });
    world.after(dice.wait(15_000), () => {
      if (!process.isFrozen) return;
      world.note("storm", `${process.name} goes on`);
      process.thaw();
    });
  }

  private freezeWorker(dice: Dice): void {
    const { name, process } = this.anyWorker(dice);
    if (process === null) return;
    process.freeze();
    this.parts.network.clientFroze(process, name);
    this.later(dice.wait(30_000), `${process.name} goes on`, () => process.thaw());
  }

  private setClock(dice: Dice): void {
    const { host, world } = this.parts;
    const byMs = dice.pick([-1, 1]) * dice.pick([500, 5_000, 60_000, 3_600_000]);
    world.note("storm", `the coordinator's clock is set by ${byMs} ms`);
    host.setClock(byMs);
  }

  private anyWorker(dice: Dice): WorkerMachine {
    return dice.pick(this.parts.workers);
  }
}
