import type { Space } from "../../../coordinator/search/space/space.ts";
import { armCount, armOf, type Unit } from "./units.ts";

/**
 * What each unit adds to the MACs: `added(unit, seen, state)`, given the channels arm of the unit before it, with every later unit at its
 * first arms. Units meet in their channels alone, so a network's MACs are those of the first arms everywhere plus the sum over its units
 * (a Markov chain's decomposition). Activations cost nothing.
 */
export function unitMacs(
  space: Space,
  units: readonly Unit[],
): { readonly base: number; readonly added: (unit: number, seen: number, state: number) => number } {
  const macsOf = (arms: readonly number[]): number => space.cost(arms)?.macs ?? NaN;
  const first = space.choices.map(() => 0);
  const base = macsOf(first);
  const tables = units.map((unit, node) => {
    const before = units[node - 1];
    const seen = before === undefined ? 1 : armCount(before, "channels");
    return Array.from({ length: seen }, (_, channels) => {
      const arms = before === undefined ? first : withArm(first, before, "channels", channels);
      const without = macsOf(arms);
      const macs: number[] = [];
      for (const [state, own] of unit.states.entries()) {
        // The same without the activation comes before it.
        const plain = state - armOf(unit, state, "activation") * stride(unit, "activation");
        macs.push(plain < state ? (macs[plain] ?? NaN) : macsOf(withState(arms, unit, own)) - without);
      }
      return macs;
    });
  });
  return { base, added: (unit, seen, state) => tables[unit]?.[seen]?.[state] ?? NaN };
}

function withState(arms: readonly number[], unit: Unit, own: readonly number[]): readonly number[] {
  const changed = [...arms];
  unit.choices.forEach(({ place }, index) => (changed[place] = own[index] ?? 0));
  return changed;
}

function withArm(arms: readonly number[], unit: Unit, kind: string, arm: number): readonly number[] {
  const choice = unit.choices.find((candidate) => candidate.kind === kind);
  return choice === undefined ? arms : arms.with(choice.place, arm);
}

/** By how much the state grows with one arm of a choice: the last choice runs fastest. */
function stride(unit: Unit, kind: string): number {
  const place = unit.choices.findIndex((choice) => choice.kind === kind);
  return unit.choices.slice(place + 1).reduce((product, { arms }) => product * arms.length, 1);
}
