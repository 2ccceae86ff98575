import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Mistake } from "./errors.ts";

const shownLength = 40;

/** A found value as it is quoted in a message: cut where it is long, named where it is not one word. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > shownLength ? `${value.slice(0, shownLength)}…` : value);
}

/** Error option of a zod schema or check: one sentence that says what is allowed, whatever was wrong. */
export function mustBe(allowed: string): { readonly error: (issue: { readonly input?: unknown }) => string } {
  return {
    error: ({ input }) =>
      input === undefined ? `is missing; it must be ${allowed}.` : `must be ${allowed}, not ${shown(input)}.`,
  };
}

/** " Did you mean X?" where a name begins like the given one or is near enough to be a slip of the pen; else empty. */
export function suggestion(given: string, names: readonly string[]): string {
  // The bound keeps the quadratic distance off megabytes of nonsense.
  if (names.length === 0 || given.length < 2 || given.length > 100) return "";
  const wanted = given.toLowerCase();
  const lower = names.map((name) => name.toLowerCase());
  const begun = lower.findIndex((name) => name.startsWith(wanted));
  const nearest = begun === -1 ? lower.indexOf(closest(wanted, lower)) : begun;
  // Two letters that change places, the commonest slip, are a distance of 2; of three letters that would be most of the word.
  const slip = wanted.length < 4 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  const isNear = begun !== -1 || distance(wanted, lower[nearest] ?? "") <= slip;
  return isNear ? ` Did you mean ${names[nearest] ?? ""}?` : "";
}

const uint32Max = 2 ** 32 - 1;

/** Integers from `min` to `max`, by default to the largest that the wire's uint32 holds. */
export function integer(min: number, max = uint32Max): z.ZodNumber {
  const whole = mustBe(`an integer from ${min} to ${max}`);
  const atLeast = mustBe(`an integer of at least ${min}`);
  const message: typeof whole = {
    // The wire's limit is far above anything sensible: it is told to those alone who are above it.
    error: (issue) => (max < uint32Max || Number(issue.input) > max ? whole : atLeast).error(issue),
  };
  return z.int(message).min(min, message).max(max, message);
}

/** Objects with these keys alone. */
export function record<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    // For unknown keys only the allowed ones, which `mistakesOf` turns into a sentence for each unknown key.
    error: (issue) =>
      issue.code === "unrecognized_keys" ? Object.keys(shape).join(", ") : mustBe("an object").error(issue),
  });
}

/** A path as people write it, such as `layers[2].conv`; keys that are no plain words are quoted. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const key = String(part);
    if (!/^[\w-]{1,64}$/.test(key)) return `${text}[${shown(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

/** The places of values that stand earlier in the list already. */
export function repeated(values: readonly unknown[]): readonly number[] {
  const seen = new Set<unknown>();
  return [...values.keys()].filter((index) => seen.size === seen.add(values[index]).size);
}

/** Mistake of a key that nothing reads. */
export function unknownKey(path: readonly PropertyKey[], known: readonly string[]): Mistake {
  const allowed = known.length === 0 ? " No keys are allowed here." : ` Allowed: ${known.join(", ")}.`;
  return { path: pathText(path), message: `unknown key.${suggestion(String(path.at(-1)), known)}${allowed}` };
}

/**
 * The mistakes of a failed parse, in the order in which zod found them.
 * @param prefix stands before every path.
 */
export function mistakesOf(error: z.ZodError, prefix: readonly PropertyKey[] = []): readonly Mistake[] {
  return error.issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== "unrecognized_keys") return [{ path: pathText(path), message: issue.message }];
    const known = issue.message === "" ? [] : issue.message.split(", ");
    return issue.keys.map((key) => unknownKey([...path, key], known));
  });
}
