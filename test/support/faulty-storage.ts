import { namedStream } from "../../coordinator/search/rng.ts";
import type { Store } from "../../coordinator/storage/leadership.ts";
import { StorageError, type JobCommit, type RequestRecord, type Storage } from "../../coordinator/storage/storage.ts";
import { withMethods } from "./scheduling-storage.ts";

/**
 * What befalls one commit.
 * - `failsBefore`, `failsAfter`: the store says that it is unavailable, and has stored nothing, or everything: the answer is lost.
 * - `diskFull`: nothing is stored, for lack of room.
 * - `busy`: nothing is stored, as somebody else holds a lock.
 * - `delayed`: it takes a while.
 * - `broken`: nothing is stored, nor ever will be.
 * - `diesBefore`, `diesAfter`: the process is gone before the commit is stored, or right after.
 */
export const faults = [
  ...(["failsBefore", "failsAfter", "diskFull", "busy", "delayed", "broken"] as const),
  ...(["diesBefore", "diesAfter"] as const),
];
export type Fault = (typeof faults)[number];

/** Faults that an engine lives through. */
export const passingFaults = ["failsBefore", "failsAfter", "diskFull", "busy", "delayed"] as const satisfies Fault[];

/** Says what befalls a commit, by its number from 1; null where it goes through. */
export type FaultSchedule = (number: number, jobs: readonly JobCommit[]) => Fault | null;

export const noFaults: FaultSchedule = () => null;

/** One fault, at the commit of this number. */
export function faultAt(wanted: number, fault: Fault): FaultSchedule {
  return (number) => (number === wanted ? fault : null);
}

/** Each commit suffers one of the faults with this probability; the same seed gives the same schedule. */
export function seededFaults(seed: number, share: number, among: readonly Fault[]): FaultSchedule {
  return (number) => {
    const stream = namedStream(seed, `commit/${number}`);
    return stream.uniform() < share ? (among[Math.floor(stream.uniform() * among.length)] ?? null) : null;
  };
}

/** A store over another one whose commits suffer what a schedule says; all else goes through, and with `noFaults` everything. */
export interface FaultyStorage {
  readonly storage: Storage;
  /** Commits asked for so far, those that failed included. */
  readonly commits: () => number;
  /** Whether a commit has died: nothing that is asked of this store afterwards is ever answered. */
  readonly isDead: () => boolean;
}

const never = new Promise<never>(() => undefined);

/**
 * Wraps a store.
 * @param die ends the process in which the store is used. A process that only plays dead is left without any further answer.
 */
export function faultyStorage(inner: Storage, schedule: FaultSchedule, die = (): void => undefined): FaultyStorage {
  let commits = 0;
  let dead = false;

  const dieNow = (): Promise<never> => {
    dead = true;
    die();
    return never;
  };

  async function commit(jobs: readonly JobCommit[], request: RequestRecord | null): Promise<void> {
    commits += 1;
    const fault = schedule(commits, jobs);
    switch (fault) {
      case "failsBefore":
      case "diskFull":
      case "busy":
      case "broken":
        throw refusals[fault]();
      case "diesBefore":
        return await dieNow();
      case "delayed":
        for (let turn = 0; turn < delayTurns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        break;
      case "failsAfter":
      case "diesAfter":
      case null:
    }
    await inner.commit(jobs, request);
    if (fault === "failsAfter") throw refusals[fault]();
    if (fault === "diesAfter") await dieNow();
  }

  const living = withMethods(inner, { commit });
  const storage = new Proxy(living, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => (dead ? never : Reflect.apply(member, target, args));
    },
  });
  return { storage, commits: () => commits, isDead: () => dead };
}

/** A store whose leader's storage is wrapped by `faultyStorage`. */
export function faultyStore(store: Store, schedule: FaultSchedule, die?: () => void): Store {
  const lead: Store["lead"] = async (address, signal) => {
    const leadership = await store.lead(address, signal);
    return withMethods(leadership, { storage: faultyStorage(leadership.storage, schedule, die).storage });
  };
  return withMethods(store, { lead });
}

/** How long a delayed commit is held, in turns of the event loop. */
const delayTurns = 20;

const refusals = {
  failsBefore: () => new StorageError("unavailable", "as scripted"),
  failsAfter: () => new StorageError("unavailable", "the answer was lost, as scripted"),
  diskFull: () => new StorageError("unavailable", "the store cannot grow: the disk is full"),
  busy: () => new StorageError("busy", "the store is locked by another"),
  broken: () => new StorageError("corrupt", "the store is damaged"),
};
