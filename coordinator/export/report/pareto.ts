/** A point to compare: less cost and more accuracy are better. */
export interface CostedPoint {
  readonly cost: number;
  readonly accuracy: number;
}

/** The points that no other point beats in one measure without losing in the other, by rising cost; of equal points the first. */
export function paretoFront<T extends CostedPoint>(points: readonly T[]): readonly T[] {
  const sorted = [...points].sort((a, b) => a.cost - b.cost || b.accuracy - a.accuracy);
  const front: T[] = [];
  for (const point of sorted) {
    const best = front.at(-1);
    if (best === undefined || point.accuracy > best.accuracy) front.push(point);
  }
  return front;
}
