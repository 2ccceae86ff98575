import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { nasBenchMacro } from "../../coordinator/search/space/shipped/nas-bench-macro.ts";
import { tableSpace } from "../../coordinator/search/space/table-space.ts";
import { networkHash } from "../../network/canonical.ts";
import { parseTable, tableRow, type Table } from "../../network/table.ts";

const folder = new URL("../../data/nas-bench-macro/", import.meta.url);

interface Entry {
  readonly mean_acc: number;
  readonly params: number;
  readonly flops: number;
}

let entries: readonly (readonly [readonly number[], Entry])[];
let table: Table;

beforeAll(() => {
  const json = readFileSync(new URL("nas-bench-macro_cifar10.json", folder), "utf8");
  const records = JSON.parse(json) as Record<string, Entry>;
  entries = Object.entries(records).map(([key, entry]) => [Array.from(key, Number), entry]);
  table = parseTable(readFileSync(new URL("table.json", folder), "utf8"));
});

describe("NAS-Bench-Macro (arXiv 2103.11922)", () => {
  test("all 6,561 graphs have the MACs and params of the benchmark", () => {
    const space = nasBenchMacro();
    expect(entries).toHaveLength(6561);
    const wrong = entries.filter(([arms, { flops, params }]) => {
      const cost = space.cost(arms);
      return cost?.macs !== flops || cost.params !== params;
    });
    expect(wrong).toEqual([]);
  });

  test("3,969 networks are distinct, and samples of one network have one record", () => {
    const space = nasBenchMacro();
    const records = new Map<string, Entry>();
    for (const [arms, entry] of entries) {
      const hash = networkHash(space.decode(arms));
      const { params, flops, mean_acc } = records.get(hash) ?? entry;
      expect([entry.params, entry.flops, entry.mean_acc]).toEqual([params, flops, mean_acc]);
      records.set(hash, entry);
    }
    expect(records.size).toBe(9 * 21 * 21);
  });

  test("the table is what the script makes of the benchmark's file", () => {
    const script = new URL("../../scripts/nas-bench-macro-table.js", import.meta.url).pathname;
    expect(() => execFileSync(process.execPath, [script, "--check"])).not.toThrow();
  });

  test("the table lists the benchmark's accuracies as fractions, and its costs", () => {
    expect(table.rows.size).toBe(6561);
    for (const [arms, { mean_acc, params, flops }] of entries) {
      const row = tableRow(table, arms);
      expect(row?.accuracy).toBeCloseTo(mean_acc / 100, 6);
      expect([row?.params, row?.macs]).toEqual([params, flops]);
    }
  });

  test("the table's choices are those of the space of graphs", () => {
    expect(table.choices).toEqual(nasBenchMacro().choices);
  });

  test("two twins share the highest accuracy, and the networks of all k5e6 cost most", () => {
    const best = Math.max(...[...table.rows.values()].map(({ accuracy }) => accuracy));
    expect(best).toBeCloseTo(0.9312667, 7);
    const winners = [...table.rows.values()]
      .filter(({ accuracy }) => accuracy === best)
      .map(({ arms }) => arms.join(""));
    expect(winners).toEqual(["22212202", "22212220"]);
    expect(tableSpace(table, "0".repeat(64)).largest()).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);
    expect(nasBenchMacro().largest()).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);
  });
});
