/** Reads a flag's whole number. Throws an Error that names the flag. */
export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new Error(`--${flag}: must be whole and at least ${least}.`);
  return value;
}

/** Reads a flag's word. Throws an Error that names the flag and what is allowed. */
export function oneOf<T extends string>(flag: string, text: string, allowed: readonly T[]): T {
  const value = allowed.find((known) => known === text);
  if (value === undefined) throw new Error(`--${flag}: "${text}" is none of ${allowed.join(", ")}.`);
  return value;
}
