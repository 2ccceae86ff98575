import type { Score } from "../reward.ts";

/** Results that an algorithm keeps in its state: more would make every step dearer than a sharper answer is worth. */
export const archiveCap = 500;

/** A sample that was drawn before. */
export interface Entry {
  readonly arms: readonly number[];
  /** Null where its trial failed: it is not drawn again, and teaches nothing. */
  readonly score: Score | null;
}

/** Entries with their scores, the failed ones left out. */
export type Measured<Kept extends Entry> = Kept & { readonly score: Score };

/** One word for a sample, equal for equal samples. */
export function armsKey(arms: readonly number[]): string {
  return arms.join();
}

/** The archive with those of `entries` that are new to it, in their order; above the cap the best half and the newest half of it stay. */
export function remember<Kept extends Entry>(
  archive: readonly Kept[],
  entries: readonly Kept[],
  rewardOf: (score: Score) => number,
): readonly Kept[] {
  const known = new Set(archive.map(({ arms }) => armsKey(arms)));
  const fresh = entries.filter(({ arms }) => {
    const key = armsKey(arms);
    return !known.has(key) && known.add(key);
  });
  return bestAndNewest([...archive, ...fresh], archiveCap, ({ score }) =>
    score === null ? -Infinity : rewardOf(score),
  );
}

/** At most `size` items, in their order: the best half, of equals the older, and the newest of the others. */
export function bestAndNewest<Item>(
  items: readonly Item[],
  size: number,
  valueOf: (item: Item) => number,
): readonly Item[] {
  if (items.length <= size) return items;
  const byValue = items.map((item, index) => ({ index, value: valueOf(item) }));
  byValue.sort((left, right) => (left.value === right.value ? left.index - right.index : right.value - left.value));
  const best = Math.ceil(size / 2);
  const kept = new Set(byValue.slice(0, best).map(({ index }) => index));
  for (let index = items.length - 1; kept.size < size; index--) kept.add(index);
  return items.filter((_, index) => kept.has(index));
}

/** The entries that carry a score. */
export function measuredOnly<Kept extends Entry>(archive: readonly Kept[]): Measured<Kept>[] {
  return archive.filter((entry): entry is Measured<Kept> => entry.score !== null);
}
