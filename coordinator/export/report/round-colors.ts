/** How many colours of the ramp there are (`--c0` to `--c4` of the style sheet), early to late. */
const rampLength = 5;

/** Rounds of one colour, both ends included. */
export interface RoundBin {
  readonly first: number;
  readonly last: number;
  /** Class of the style sheet. */
  readonly color: string;
}

/**
 * Splits the rounds that drew these trials into at most five runs, early to late, so that each holds about as many trials: a search
 * makes most of them in its first rounds. The last run has the strongest colour.
 * @param drawnIn the round of each trial, in any order.
 */
export function roundBins(drawnIn: readonly number[]): readonly RoundBin[] {
  const sorted = drawnIn.toSorted((a, b) => a - b);
  const share = (part: number): number => sorted[Math.ceil((part * sorted.length) / rampLength) - 1] ?? 0;
  const lasts = sorted.length === 0 ? [] : [...new Set(Array.from({ length: rampLength }, (_, i) => share(i + 1)))];
  const strongest = rampLength - 1;
  return lasts.map((last, i) => ({
    first: i === 0 ? (sorted[0] ?? 0) : (lasts[i - 1] ?? 0) + 1,
    last,
    color: `c${lasts.length === 1 ? strongest : Math.round((i * strongest) / (lasts.length - 1))}`,
  }));
}

/** The runs as words: "round 3" or "rounds 1–4". */
export function binLabel({ first, last }: RoundBin): string {
  return first >= last ? `round ${first}` : `rounds ${first}–${last}`;
}
