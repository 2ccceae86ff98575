import type { Cost } from "../../network/types.ts";
import type { Candidate } from "./best.ts";

/** A point to compare: less cost and more accuracy are better. */
export interface CostedPoint {
  readonly cost: number;
  readonly accuracy: number;
}

/** Most networks that a search keeps of its front: the state stays small, and a curve of a hundred points is as good as any. */
export const frontCap = 100;

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

/**
 * At most `cap` (2 or more) points of a front: as long as there are more, the one goes that alone beats the smallest area of cost and
 * accuracy, of equals the cheaper. The cheapest and the best point always stay.
 */
export function thinFront<T extends CostedPoint>(front: readonly T[], cap: number): readonly T[] {
  const kept = [...front];
  while (kept.length > cap) {
    const areas = kept
      .slice(1, -1)
      .map((point, index) => ownArea(kept[index] ?? point, point, kept[index + 2] ?? point));
    kept.splice(1 + areas.indexOf(Math.min(...areas)), 1);
  }
  return kept;
}

/** What an inner point beats and its neighbours on the front do not. */
function ownArea(cheaper: CostedPoint, point: CostedPoint, dearer: CostedPoint): number {
  return (dearer.cost - point.cost) * (point.accuracy - cheaper.accuracy);
}

/**
 * The front with further measured networks, by rising cost; equal ones are told by the lower trial. What makes the cost is `figure`;
 * with null, where no cost is known, the front is the best network. Networks of unknown cost are left out. At most `frontCap` stay.
 */
export function extendFront(
  front: readonly Candidate[],
  candidates: readonly Candidate[],
  figure: keyof Cost | null,
): readonly Candidate[] {
  const points = [...front, ...candidates].flatMap((candidate) => {
    const cost = figure === null ? 0 : candidate[figure];
    return cost === null ? [] : [{ candidate, cost, accuracy: candidate.measurement.accuracy }];
  });
  points.sort((a, b) => a.candidate.trial - b.candidate.trial);
  return thinFront(paretoFront(points), frontCap).map(({ candidate }) => candidate);
}
