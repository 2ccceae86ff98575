import { MemoryDatabase } from "../../../coordinator/storage/memory-database.ts";
import {
  StorageError,
  type JobCommit,
  type RequestRecord,
  type Storage,
} from "../../../coordinator/storage/storage.ts";
import type { Dice } from "../world/dice.ts";
import type { SimProcess } from "../world/process.ts";
import type { World } from "../world/world.ts";
import type { Troubles } from "./troubles.ts";

/** Is told of commits. */
export interface DiskWatcher {
  /** Its writer asks for it. */
  asked(writer: SimProcess, jobs: readonly JobCommit[]): void;
  /** It is durable, whether its writer ever hears of that or not. */
  landed(jobs: readonly JobCommit[], request: RequestRecord | null): void;
}

/** What befalls one call. */
type Fate = "well" | "failsBefore" | "failsAfter" | "diesBefore" | "diesAfter";

interface Call {
  readonly method: string;
  readonly args: unknown[];
  readonly fate: Fate;
}

/**
 * The disk under a store: what is on it outlives every process. A call takes effect at one moment, in the order of asking, and is
 * answered at another; in between, or before, its process may die, and an error says nothing about which.
 */
export class SimDisk {
  private readonly database = new MemoryDatabase();
  /** Nothing can be read or written. */
  isDown = false;
  private readonly world: World;
  private readonly dice: Dice;
  private readonly troubles: Troubles;
  private readonly watcher: DiskWatcher;
  private readonly crash: (process: SimProcess) => void;

  constructor(world: World, troubles: Troubles, watcher: DiskWatcher, crash: (process: SimProcess) => void) {
    this.world = world;
    this.dice = world.dice("disk");
    this.troubles = troubles;
    this.watcher = watcher;
    this.crash = crash;
  }

  /** The store as one process has it that now leads: whoever led before is refused from now on, be it dead or frozen. */
  async lead(process: SimProcess): Promise<Storage> {
    this.database.depose();
    const { storage } = await this.database.open().lead(process.name, new AbortController().signal);
    let lastMs = 0;
    const call = (method: string, args: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const isCommit = method === "commit";
        if (isCommit) this.watcher.asked(process, args[0] as readonly JobCommit[]);
        const fate = this.drawFate(isCommit);
        // Of a process that dies or freezes meanwhile, half of what it has asked is done all the same, as by a database's server.
        const isSent = isCommit && this.dice.chance(0.5);
        // Calls take effect in the order of asking.
        lastMs = Math.max(lastMs, this.world.nowMs + this.drawDelay(isCommit));
        const take = (): void => {
          this.take(process, storage, { method, args, fate }).then(
            (value) => process.after(isCommit ? this.drawDelay(isCommit) : 0, () => resolve(value)),
            (error: unknown) => process.after(0, () => reject(asError(error))),
          );
        };
        const clock = isSent ? this.world : process;
        clock.after(lastMs - this.world.nowMs, take);
      });
    return new Proxy(storage, {
      get: (target, property) => {
        const member: unknown = Reflect.get(target, property);
        if (typeof member !== "function" || typeof property !== "string") return member;
        return (...args: unknown[]): Promise<unknown> => call(property, args);
      },
    });
  }

  /** Rejects with what the process is told; its answer may be lost with it. */
  private async take(process: SimProcess, storage: Storage, { method, args, fate }: Call): Promise<unknown> {
    if (fate === "diesBefore" && process.isAlive) {
      this.world.note("disk", `${process.name} dies before its commit lands`);
      this.crash(process);
      return null;
    }
    if (this.isDown || fate === "failsBefore") {
      this.world.note("disk", `${method} refused`);
      throw new StorageError("unavailable", "the disk is away");
    }
    const value: unknown = await Reflect.apply(Reflect.get(storage, method) as () => unknown, storage, args);
    if (method === "commit") this.watcher.landed(args[0] as readonly JobCommit[], args[1] as RequestRecord | null);
    if (fate === "failsAfter") throw new StorageError("unavailable", "no word from the disk");
    if (fate === "diesAfter" && process.isAlive) {
      this.world.note("disk", `${process.name} dies before it hears of its commit`);
      this.crash(process);
    }
    return value;
  }

  private drawFate(isCommit: boolean): Fate {
    const { dice, troubles } = this;
    const luck = dice.random();
    if (troubles.has("coordinatorCrashes") && isCommit && luck < 0.01) return luck < 0.004 ? "diesBefore" : "diesAfter";
    if (!troubles.has("diskFails")) return "well";
    if (luck > 0.97) return "failsBefore";
    return isCommit && luck > 0.93 ? "failsAfter" : "well";
  }

  private drawDelay(isCommit: boolean): number {
    const { dice, troubles } = this;
    const luck = dice.random();
    if (troubles.has("diskSlow") && luck < 0.04) return dice.whole(1_000, luck < 0.005 ? 60_000 : 8_000);
    return isCommit ? dice.whole(0, 20) : dice.whole(0, 2);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
