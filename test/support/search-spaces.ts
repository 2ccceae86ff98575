import { readFileSync } from "node:fs";
import type { Space } from "../../coordinator/search/space/space.ts";
import type { SearchSpec } from "../../coordinator/search/types.ts";

/** A choice for a test space: number of arms, block. */
export interface TestChoice {
  readonly arms: number;
  readonly block?: string;
}

/** A space of table rows; `macsOf` undefined where no cost is known. */
export function testSpace(
  choices: readonly TestChoice[],
  macsOf?: (arms: readonly number[]) => number | undefined,
  name = "test",
): Space {
  const cost: Space["cost"] = (arms) => {
    const macs = macsOf?.(arms);
    return macs === undefined ? undefined : { macs, params: 2 * macs };
  };
  return {
    name,
    choices: choices.map(({ arms, block }, index) => ({
      name: `c${index}`,
      arms: Array.from({ length: arms }, (_, arm) => String(arm)),
      block: block ?? `b${index}`,
    })),
    decode: (arms) => ({ type: "tableRow", tableSha256: "0".repeat(64), arms: [...arms] }),
    cost,
    knows: () => macsOf !== undefined,
    largest: () => (macsOf === undefined ? undefined : choices.map(({ arms }) => arms - 1)),
  };
}

/** Every sample of a small space, last choice fastest. */
export function allSamples(space: Space): number[][] {
  return space.choices.reduce<number[][]>(
    (samples, { arms }) => samples.flatMap((sample) => arms.map((_, arm) => [...sample, arm])),
    [[]],
  );
}

/** A search spec of one factorized stage, without cost, clock or final training; `changes` replaces parts of it. */
export function testSpec(
  algorithm: string,
  changes: Partial<SearchSpec> & { settings?: Record<string, unknown> } = {},
) {
  const { settings = {}, ...parts } = changes;
  const spec: SearchSpec = {
    algorithm: { name: algorithm, settings },
    stages: [{ name: "only", slots: "factorized", until: {} }],
    cost: null,
    noisy: false,
    budget: { trials: 100, wallMs: null },
    final: null,
    ...parts,
  };
  return spec;
}

interface MacroRecord {
  readonly mean_acc: number;
  readonly params: number;
  readonly flops: number;
}

/** NAS-Bench-Macro (3^8 networks trained on CIFAR-10) as a space, with the accuracy of each network and its rank. */
export interface MacroTable {
  readonly space: Space;
  readonly accuracyOf: (arms: readonly number[]) => number;
  /** Share of the 6,561 networks that are strictly better. */
  readonly shareBetter: (arms: readonly number[]) => number;
}

/** Reads the table of the repository. Blocks: "stages" for [2, 3, 3] layers, "choices" for a block of its own each. */
export function macroTable(blocks: "stages" | "choices" = "choices"): MacroTable {
  // From the repository's root, where npm runs every script: this module runs from dist/ too.
  const file = "data/nas-bench-macro/nas-bench-macro_cifar10.json";
  const records = new Map(Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, MacroRecord>));
  const recordOf = (arms: readonly number[]) => records.get(arms.join(""))!;
  const accuracies = [...records.values()].map(({ mean_acc }) => mean_acc).sort((left, right) => right - left);
  const stages = ["s0", "s0", "s1", "s1", "s1", "s2", "s2", "s2"];
  const space = testSpace(
    stages.map((stage) => (blocks === "stages" ? { arms: 3, block: stage } : { arms: 3 })),
    (arms) => recordOf(arms).flops,
    "nas-bench-macro",
  );
  const share = new Map(accuracies.map((value, place) => [value, place / accuracies.length] as const).reverse());
  return {
    space: {
      ...space,
      cost: (arms) => ({ macs: recordOf(arms).flops, params: recordOf(arms).params }),
    },
    accuracyOf: (arms) => recordOf(arms).mean_acc / 100,
    shareBetter: (arms) => share.get(recordOf(arms).mean_acc)!,
  };
}
