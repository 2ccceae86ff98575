import { expect, test } from "@jest/globals";
import { Command } from "commander";
import { loadCommands } from "../../cli/load-commands.ts";

async function namesFor(word: string | undefined): Promise<string[]> {
  const program = new Command();
  for (const add of await loadCommands(word)) add(program);
  return program.commands.map((command) => command.name());
}

test("every command is loaded by its name, with no more than its family, and all of them by no name or another", async () => {
  const all = await namesFor(undefined);
  expect(all.length).toBeGreaterThan(15);
  for (const name of all) {
    const loaded = await namesFor(name);
    expect(loaded).toContain(name);
    expect(loaded.length).toBeLessThan(4);
  }
  expect(await namesFor("--help")).toEqual(all);
  expect(await namesFor("worke")).toEqual(all);
});
