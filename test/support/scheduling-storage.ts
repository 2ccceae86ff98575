import { StorageError, type JobCommit, type RequestRecord, type Storage } from "../../coordinator/storage/storage.ts";

/** What befalls one commit. */
export type Mishap =
  /** The process is gone before the commit is stored, or right after. */
  | "diesBefore"
  | "diesAfter"
  /** The store says that it is unavailable, and has stored nothing, or everything. */
  | "failsBefore"
  | "failsAfter";

/** A store over another one, to which things happen. */
export interface Misfortune {
  readonly storage: Storage;
  /** Commits asked for so far, those that failed included. */
  readonly commits: () => number;
  /** Whether a commit has died: nothing that is asked of this store afterwards is ever answered. */
  readonly isDead: () => boolean;
}

const never = new Promise<never>(() => undefined);

/** `mishap` befalls the commit of this number, from 1; all others go through. */
export function troubled(inner: Storage, number: number, mishap: Mishap): Misfortune {
  let commits = 0;
  let dead = false;

  async function commit(jobs: readonly JobCommit[], request: RequestRecord | null): Promise<void> {
    commits += 1;
    if (commits !== number) {
      await inner.commit(jobs, request);
      return;
    }
    if (mishap === "diesAfter" || mishap === "failsAfter") await inner.commit(jobs, request);
    if (mishap === "failsBefore" || mishap === "failsAfter") throw new StorageError("unavailable", "as scripted");
    dead = true;
    await never;
  }

  const storage = new Proxy(inner, {
    get(target, property) {
      const member: unknown = property === "commit" ? commit : Reflect.get(target, property);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => (dead ? never : Reflect.apply(member, target, args));
    },
  });
  return { storage, commits: () => commits, isDead: () => dead };
}

/** A store over another one, some of whose methods are a test's own. */
export function withMethods(inner: Storage, methods: Partial<Storage>): Storage {
  return new Proxy(inner, {
    get(target, property) {
      const own: unknown = Reflect.get(methods, property);
      const member: unknown = own ?? Reflect.get(target, property);
      return typeof member === "function"
        ? (...args: unknown[]): unknown => Reflect.apply(member, target, args)
        : member;
    },
  });
}
