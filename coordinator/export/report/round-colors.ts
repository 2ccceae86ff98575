/** How many colours of the ramp there are (`--c0` to `--c4` of the style sheet), early to late. */
const rampLength = 5;

/** Rounds of one colour. */
export interface RoundBin {
  readonly first: number;
  readonly last: number;
  /** Class of the style sheet. */
  readonly color: string;
}

/** Splits rounds 1 to `rounds` into at most five runs of nearly equal length, each with its colour; the last one has the strongest. */
export function roundBins(rounds: number): readonly RoundBin[] {
  const count = Math.min(rampLength, Math.max(1, rounds));
  return Array.from({ length: count }, (_, i) => ({
    first: Math.floor((i * rounds) / count) + 1,
    last: Math.floor(((i + 1) * rounds) / count),
    color: `c${count === 1 ? rampLength - 1 : Math.round((i * (rampLength - 1)) / (count - 1))}`,
  }));
}

/** The runs as words: "round 3" or "rounds 1–4". */
export function binLabel({ first, last }: RoundBin): string {
  return first >= last ? `round ${first}` : `rounds ${first}–${last}`;
}
