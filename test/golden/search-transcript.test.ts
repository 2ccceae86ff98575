import { expect, test } from "@jest/globals";
import { createSearch } from "../../coordinator/search/job.ts";
import type { Command, Event } from "../../coordinator/search/types.ts";
import { failed, measured, runSearch } from "../support/search-driver.ts";
import { testSpace, testSpec } from "../support/search-spaces.ts";

/** Numbers at 12 significant digits: exp and log are not specified to the last bit. */
function line(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (key === "hash" || key === "tableSha256") return undefined;
    if (key === "hashes") return (part as readonly string[]).length;
    return typeof part === "number" ? Number(part.toPrecision(12)) : part;
  });
}

test("a tiny job takes these steps, event by event and command by command", () => {
  const space = testSpace(
    [
      { arms: 2, block: "a" },
      { arms: 3, block: "a" },
      { arms: 2, block: "b" },
    ],
    (arms) => 100 + 10 * arms[0]! + 5 * arms[1]! + arms[2]!,
  );
  const spec = testSpec("fp-nas", {
    settings: { k0: 4 },
    stages: [
      { name: "coarse", slots: "factorized", until: { rounds: 2 } },
      { name: "fine", slots: "block", until: { rounds: 2 } },
    ],
    cost: { macs: 115, beta: 0.3 },
    final: { random: 1, largest: true },
  });
  const transcript: string[] = [];
  const between = (state: unknown, commands: readonly Command[], event: Event) => {
    transcript.push(`> ${line(event)}`, ...commands.map((command) => `  ${line(command)}`));
    return state as never;
  };
  runSearch(
    createSearch(spec, space),
    11,
    ({ trial, arms }) => (trial === 3 ? failed("nan_loss") : measured(0.5 + (2 * arms[0]! + arms[1]! + arms[2]!) / 10)),
    { between },
  );
  expect(transcript.join("\n")).toMatchSnapshot();
});
