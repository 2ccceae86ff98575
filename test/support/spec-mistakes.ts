import { SpecError } from "../../spec/types.ts";

/** What a reader says of bad input, one line a mistake. Any error but SpecError is a fault of the reader and passes through. */
export function mistakesOf(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.mistakes.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
  }
}

/** What is said of bad input in the end, as `mistakesOf`. */
export async function mistakesOfAsync(reading: Promise<unknown>): Promise<readonly string[]> {
  const result = await reading.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  return mistakesOf(() => {
    if (result !== null) throw result.error;
  });
}
