const dash = "–";
const prefixes = ["", "k", "M", "G", "T", "P"] as const;

/** A count to three significant digits with an SI prefix: 1,320,000 is "1.32 M". Null and what is not finite are a dash. */
export function formatCount(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return dash;
  const rounded = Number(value.toPrecision(3));
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.abs(rounded) || 1) / 3), 0), prefixes.length - 1);
  const scaled = rounded / 1000 ** power;
  const text = power === 0 ? String(rounded) : scaled.toPrecision(3);
  return `${text}${power === 0 ? "" : "\u202f"}${prefixes[power] ?? ""}`;
}

/** A round count, such as an axis mark or a target: "3 M" where `formatCount` says "3.00 M". */
export function formatRoundCount(value: number): string {
  return formatCount(value).replace(/\.0+(?=\D)|(?<=\.\d)0+(?=\D)/u, "");
}

/** A whole number with thousands separators. */
export function formatInteger(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString("en-US") : dash;
}

/** A fraction (0 to 1) as a percentage. */
export function formatPercent(fraction: number | null, decimals = 2): string {
  if (fraction === null || !Number.isFinite(fraction)) return dash;
  return `${(fraction * 100).toFixed(decimals)}%`;
}

/** A probability as a whole percentage that keeps "never" and "nearly never" apart. */
export function formatProbability(probability: number): string {
  if (probability > 0 && probability < 0.005) return "<1%";
  if (probability < 1 && probability >= 0.995) return ">99%";
  return formatPercent(probability, 0);
}

/** A figure with at most `digits` decimals. */
export function formatDecimal(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : dash;
}

/** How many samples a space has: exact up to a million, then as a power of ten. */
export function formatCombinations(armCounts: readonly number[]): string {
  const log10 = armCounts.reduce((sum, arms) => sum + Math.log10(arms), 0);
  if (log10 <= 6) return formatInteger(armCounts.reduce((product, arms) => product * arms, 1));
  const exponent = Math.floor(log10);
  return `${(10 ** (log10 - exponent)).toFixed(1)} × 10${superscript(exponent)}`;
}

function superscript(exponent: number): string {
  return String(exponent).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(Number(digit)));
}

/** The words joined as a sentence does: "a", "a and b", "a, b and c". */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

/** The text cut to a length in characters, with an ellipsis where something is missing. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
