import { expect, test } from "@jest/globals";
import { runSimulator } from "./run-simulator.ts";
import { simulate } from "./simulate.ts";

const undisturbed = { without: new Set<never>(), print: null };

test("whatever happens to coordinator, workers, disk and network, every invariant holds at every step and every job ends", async () => {
  for (let seed = 1; seed <= 100; seed += 1)
    expect(await simulate(seed, undisturbed)).toMatchObject({ seed, violation: null });
});

test("a seed gives the same trace again, in this process and in another", async () => {
  for (const seed of [3, 4]) {
    const first = await simulate(seed, undisturbed);
    expect(await simulate(seed, undisturbed)).toEqual(first);
    const { code, output } = await runSimulator("--seed", String(seed));
    expect(code).toBe(0);
    expect(output).toContain(`hash: '${first.hash}'`);
  }
});

test("a trace tells who did what when", async () => {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const { hash } = await simulate(1, { without: new Set(), print });
  expect(hash).toBe((await simulate(1, undisturbed)).hash);
  expect(lines[0]).toMatch(/^ {4}0\.000 {2}scenario +troubles: /);
  expect(lines.some((line) => /^ *\d+\.\d{3} {2}wire +ack .* under token 1: VERDICT_ACCEPTED$/.test(line))).toBe(true);
});
