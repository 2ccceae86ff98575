import { scaleLinear, type ScaleLinear } from "d3-scale";
import { formatRoundCount } from "./format.ts";
import type { Tick } from "./figure.ts";

export type Scale = ScaleLinear<number, number>;

/** A linear scale over the values, rounded outwards to friendly numbers; a single value gets room on both sides. */
export function fitted(values: Iterable<number>, range: readonly [number, number], ticks = 5): Scale {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) [low, high] = [0, 1];
  if (low === high) {
    const room = Math.abs(low) * 0.05 || 0.5;
    [low, high] = [low - room, high + room];
  }
  return scaleLinear().domain([low, high]).nice(ticks).range(range);
}

/** A fitted scale for fractions: it never leaves 0 to 1. */
export function fittedFraction(values: Iterable<number>, range: readonly [number, number]): Scale {
  const scale = fitted(values, range);
  const [low = 0, high = 1] = scale.domain();
  return scale.domain([Math.max(low, 0), Math.min(high, 1)]);
}

/** Ticks of a scale of fractions, as percentages. */
export function percentTicks(scale: Scale, count = 5): readonly Tick[] {
  const values = scale.ticks(count);
  const step = Math.abs((values[1] ?? 1) - (values[0] ?? 0));
  const decimals = Math.max(0, -Math.floor(Math.log10(step * 100 + 1e-9)));
  return values.map((value) => ({ at: scale(value), label: `${(value * 100).toFixed(decimals)}%` }));
}

/** Ticks of a scale of counts. */
export function countTicks(scale: Scale, count = 5): readonly Tick[] {
  return scale.ticks(count).map((value) => ({ at: scale(value), label: formatRoundCount(value) }));
}

/** Ticks at whole numbers only. */
export function integerTicks(scale: Scale, count = 5): readonly Tick[] {
  return scale
    .ticks(count)
    .filter(Number.isInteger)
    .map((value) => ({ at: scale(value), label: value.toLocaleString("en-US") }));
}

/** Ticks of a scale of plain figures. */
export function plainTicks(scale: Scale, count = 5): readonly Tick[] {
  const format = scale.tickFormat(count);
  return scale.ticks(count).map((value) => ({ at: scale(value), label: format(value) }));
}
