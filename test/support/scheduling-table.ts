import { createHash } from "node:crypto";

/** A table of 4 choices of 3 arms, every combination listed but those that `leaveOut` names; the last arm of each choice is best. */
export function smallTable(leaveOut: (arms: readonly number[]) => boolean = () => false): Uint8Array {
  const rows = [];
  for (let index = 0; index < 81; index += 1) {
    const arms = [27, 9, 3, 1].map((place) => Math.floor(index / place) % 3);
    const sum = arms.reduce((total, arm) => total + arm, 0);
    // A little unevenness, so that no two networks tie by accident.
    if (!leaveOut(arms))
      rows.push({ arms, accuracy: 0.5 + 0.05 * sum + 0.0001 * (index % 7), macs: 100 + 10 * sum, params: 10 + sum });
  }
  const choices = ["a", "b", "c", "d"].map((name, index) => ({
    name,
    arms: ["small", "middle", "large"],
    block: index < 2 ? "first" : "second",
  }));
  return Buffer.from(JSON.stringify({ name: "small", choices, rows }));
}

/** The accuracy that `smallTable` lists for the arms. */
export function tableAccuracy(table: Uint8Array, arms: readonly number[]): number | undefined {
  const { rows } = JSON.parse(Buffer.from(table).toString()) as { rows: { arms: number[]; accuracy: number }[] };
  return rows.find((row) => row.arms.join() === arms.join())?.accuracy;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A spec of a tabular search, as a user would write it. */
export function tabularSpec(more: Record<string, unknown> = {}): Record<string, unknown> {
  const evaluator = { tabular: { table: "small.json" } };
  return { name: "small", algorithm: { name: "fp-nas" }, evaluator, budget: { trials: 30 }, seed: 7, ...more };
}
