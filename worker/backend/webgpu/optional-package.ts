import { firstLineOf } from "../first-line.ts";

/** Imports a package that may have been left out, or that has nothing built for this platform. Rejects with one line that says how to get it. */
export async function importOptional<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const reason = firstLineOf(error);
    throw new Error(`the package ${name} does not load (npm install --include=optional): ${reason}`, { cause: error });
  }
}
