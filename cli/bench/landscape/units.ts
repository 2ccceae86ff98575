import type { Choice, Space } from "../../../coordinator/search/space/space.ts";

/** A choice of a unit, by what it decides. */
export interface UnitChoice {
  /** Place in the space's choices. */
  readonly place: number;
  /** Last part of its name, such as "kernel". */
  readonly kind: string;
  readonly arms: readonly string[];
}

/** Choices of one block of a space: a part of the network that meets the next in nothing but the number of channels. */
export interface Unit {
  readonly choices: readonly UnitChoice[];
  /** All its samples, one arm for each of its choices; a state is a place in this list. */
  readonly states: readonly (readonly number[])[];
}

/** The units of a space whose blocks follow each other. */
export function unitsOf({ choices }: Space): readonly Unit[] {
  const blocks = [...new Set(choices.map(({ block }) => block))];
  return blocks.map((block) => {
    const own = choices.flatMap((choice, place) => (choice.block === block ? [unitChoice(choice, place)] : []));
    const states = own.reduce<readonly (readonly number[])[]>(
      (samples, { arms }) => samples.flatMap((sample) => arms.map((_, arm) => [...sample, arm])),
      [[]],
    );
    return { choices: own, states };
  });
}

/** The state that a sample of the space has in a unit. */
export function stateOf(unit: Unit, arms: readonly number[]): number {
  return unit.choices.reduce((state, choice) => state * choice.arms.length + (arms[choice.place] ?? 0), 0);
}

/** The arm that a state has in the unit's choice of this kind; 0 where the unit has none. */
export function armOf(unit: Unit, state: number, kind: string): number {
  return unit.states[state]?.[unit.choices.findIndex((choice) => choice.kind === kind)] ?? 0;
}

/** Number of arms of the unit's choice of this kind; 1 where it has none. */
export function armCount(unit: Unit, kind: string): number {
  return unit.choices.find((choice) => choice.kind === kind)?.arms.length ?? 1;
}

function unitChoice({ name, arms }: Choice, place: number): UnitChoice {
  return { place, kind: name.slice(name.lastIndexOf(".") + 1), arms };
}
