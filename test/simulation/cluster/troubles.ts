import type { Dice } from "../world/dice.ts";

/** The kinds of trouble, each of which can be left out of a seed. */
export const troubleKinds = [
  "diskFails",
  "diskSlow",
  "diskDown",
  "coordinatorCrashes",
  "coordinatorStops",
  "coordinatorFreezes",
  "clockJumps",
  "workerCrashes",
  "workerStops",
  "workerFreezes",
  "evaluationsFail",
  "evaluationsKill",
  "evaluationsHang",
  "poison",
  "connectionsBreak",
  "partitions",
  "slowNetwork",
  "lostAnswers",
  "repeatedRequests",
  "controls",
  "coordinatorReplaced",
  "weightsFail",
  "weightsDown",
] as const;
export type TroubleKind = (typeof troubleKinds)[number];

/** Which troubles a world has, and whether they are over. */
export class Troubles {
  /** While they last. */
  areOn = true;
  private readonly kinds: ReadonlySet<TroubleKind>;

  constructor(kinds: Iterable<TroubleKind>) {
    this.kinds = new Set(kinds);
  }

  /** Whether a kind of trouble may happen now. */
  has(kind: TroubleKind): boolean {
    return this.areOn && this.kinds.has(kind);
  }

  /** Whether a kind of trouble belongs to this world at all. */
  includes(kind: TroubleKind): boolean {
    return this.kinds.has(kind);
  }

  toString(): string {
    return [...this.kinds].join(" ");
  }
}

/** Some kinds for a seed: few in one, all in another, so that each meets the others with and without the rest. */
export function drawTroubles(dice: Dice, without: ReadonlySet<TroubleKind>): Troubles {
  const share = dice.pick([0.15, 0.4, 0.4, 0.7, 1]);
  // Each is drawn whether or not it is left out: the others stay as they were.
  return new Troubles(troubleKinds.filter((kind) => dice.chance(share) && !without.has(kind)));
}
