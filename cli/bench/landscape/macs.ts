import { uniformIndex, type Rng } from "../../../coordinator/search/rng.ts";
import type { Space } from "../../../coordinator/search/space/space.ts";
import { quantile } from "../../../coordinator/search/quantile.ts";
import { bestOfChain, type Chain } from "./chain.ts";
import type { Landscape, NormalTable } from "./landscape.ts";
import { plainSpace } from "./random-space.ts";
import { unitMacs } from "./unit-macs.ts";
import { armCount, armOf, stateOf, unitsOf, type Unit } from "./units.ts";

/** Weight of the cost hinge: the default of a job. */
const beta = 0.3;

/** Random networks of which this share costs less than the target, nearly. */
const cheaperShare = 0.35;
const sampleSize = 1000;

/** Weights of the parts of the score. */
const weights = { macs: 3, macsSpread: 0.3, arm: 0.6, within: 0.4, between: 0.4 };

/** After this share of a unit's highest MACs, two thirds of what MACs are worth are there. */
const saturation = 1 / 3;

/**
 * Shaped by real MACs: in each block of a space of inverted bottlenecks MACs are worth something, less and less the more there are; each arm
 * adds a random number, and so do kernel with expansion within a block and channels with the next block's kernel. A skipped layer has neither
 * expansion nor the rest. Every sample is a network of its own; costs are the space's.
 *
 * The MACs target is that of a network that is the best under it, exactly: where x maximizes score - μ·MACs, no network of at most its
 * MACs has a higher score. Both are sums along the chain of blocks, so x is found by dynamic programming; μ is chosen so that about a third of
 * random networks meet the target.
 */
export function macsLandscape(space: Space, normals: NormalTable, rng: Rng): Landscape {
  const plain = plainSpace(space.name, space.choices);
  const units = unitsOf(space);
  const { base, added } = unitMacs(space, units);
  const score = unitScores(units, added, normals);
  const views = (node: number): number => countOf(units[node], "channels");
  const view = (node: number, state: number): number => arm(units[node], state, "channels");
  const sum = (arms: readonly number[], part: Chain["gain"]): number =>
    units.reduce((total, unit, node) => {
      const before = units[node - 1];
      const seen = before === undefined ? 0 : armOf(before, stateOf(before, arms), "channels");
      return total + part(node, seen, stateOf(unit, arms));
    }, 0);
  const samples = Array.from({ length: sampleSize }, () =>
    space.choices.map(({ arms }) => uniformIndex(rng, arms.length)),
  );
  const wanted = quantile(
    samples.map((arms) => base + sum(arms, added)),
    cheaperShare,
  );
  const bestAt = (price: number): readonly number[] => {
    const gain: Chain["gain"] = (node, seen, state) => score(node, seen, state) - price * added(node, seen, state);
    const states = bestOfChain({ sizes: units.map(({ states }) => states.length), views, view, gain });
    const arms = space.choices.map(() => 0);
    units.forEach((unit, node) =>
      unit.choices.forEach(({ place }, index) => (arms[place] = unit.states[states[node] ?? 0]?.[index] ?? 0)),
    );
    return arms;
  };
  const best = bestAt(priceFor(wanted, (price) => base + sum(bestAt(price), added)));
  return {
    // Skipped blocks one after the other can be one network in several ways, which would have several scores.
    space: { ...space, decode: (arms) => plain.decode(arms) },
    cost: { macs: base + sum(best, added), beta },
    score: (arms) => sum(arms, score),
    best,
  };
}

/** A price of a MAC at which the best network has about so many MACs: the higher the price, the fewer. */
function priceFor(macs: number, macsAt: (price: number) => number): number {
  let [low, high] = [0, 1e-9];
  while (macsAt(high) > macs) high *= 4;
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (macsAt(middle) > macs) low = middle;
    else high = middle;
  }
  return high;
}

function unitScores(units: readonly Unit[], added: Chain["gain"], normals: NormalTable): Chain["gain"] {
  const tables = units.map((unit, node) => {
    const table = (name: string, size: number, weight: number): readonly number[] =>
      normals(`${name}/${String(node)}`, size).map((value) => weight * value);
    const views = countOf(units[node - 1], "channels");
    const kernels = armCount(unit, "kernel");
    return {
      arms: unit.choices.map(({ kind, arms }) => table(kind, arms.length, weights.arm)),
      within: table("within", kernels * armCount(unit, "expansion"), weights.within),
      between: table("between", views * kernels, weights.between),
      worth: weights.macs * Math.exp(weights.macsSpread * (normals(`macs/${String(node)}`, 1)[0] ?? 0)),
      most: Math.max(
        ...unit.states.flatMap((_, state) => Array.from({ length: views }, (_view, seen) => added(node, seen, state))),
      ),
    };
  });
  return (node, seen, state) => {
    const unit = units[node];
    const table = tables[node];
    if (unit === undefined || table === undefined) return NaN;
    const kernel = armOf(unit, state, "kernel");
    const isSkipped = unit.choices.some(({ kind, arms }) => kind === "kernel" && arms[kernel] === "0");
    const macs = Math.max(0, added(node, seen, state)) / (saturation * Math.max(1, table.most));
    const own = unit.choices.reduce((total, { kind }, index) => {
      if (isSkipped && kind !== "kernel" && kind !== "channels") return total;
      return total + (table.arms[index]?.[unit.states[state]?.[index] ?? 0] ?? 0);
    }, 0);
    const within = isSkipped
      ? 0
      : (table.within[kernel * armCount(unit, "expansion") + armOf(unit, state, "expansion")] ?? 0);
    const between = table.between[seen * armCount(unit, "kernel") + kernel] ?? 0;
    return table.worth * (1 - Math.exp(-macs)) + own + within + between;
  };
}

function countOf(unit: Unit | undefined, kind: string): number {
  return unit === undefined ? 1 : armCount(unit, kind);
}

function arm(unit: Unit | undefined, state: number, kind: string): number {
  return unit === undefined ? 0 : armOf(unit, state, kind);
}
