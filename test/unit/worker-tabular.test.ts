import { describe, expect, test } from "@jest/globals";
import type { Network } from "../../network/types.ts";
import { createTabularEvaluator } from "../../worker/evaluator/tabular.ts";
import type { EvaluationContext } from "../../worker/evaluator/evaluator.ts";
import { contextOf as emptyContext } from "../support/training-checkpoints.ts";

const table = (name: string) =>
  JSON.stringify({
    name,
    choices: [{ name: "a", arms: ["x", "y"] }],
    rows: [{ arms: [1], accuracy: [0.5, 1], macs: 3, params: 4 }],
  });

function contextOf(files: Readonly<Record<string, string>>): EvaluationContext & { readonly fetched: string[] } {
  const fetched: string[] = [];
  return {
    ...emptyContext(),
    fetched,
    fetchFile(sha256) {
      fetched.push(sha256);
      return Promise.resolve(Buffer.from(files[sha256] ?? "", "latin1"));
    },
  };
}

const row = (tableSha256: string, ...arms: number[]): Network => ({ type: "tableRow", tableSha256, arms });
const evaluation = { type: "tabular", seed: 1 } as const;

describe("the tabular evaluator", () => {
  test("measures the mean accuracy of a row, without loss and training steps", async () => {
    const measurement = await createTabularEvaluator().evaluate(row("t", 1), evaluation, contextOf({ t: table("t") }));
    expect(measurement).toEqual({ accuracy: 0.75, steps: 0, extra: {} });
  });

  test("finds a network infeasible that is not listed, or that is no row", async () => {
    const context = contextOf({ t: table("t") });
    const infeasible = { name: "EvaluationError", reason: "infeasible" };
    const graph: Network = { type: "graph", input: { height: 1, width: 1, channels: 1 }, layers: [] };
    await expect(createTabularEvaluator().evaluate(row("t", 0), evaluation, context)).rejects.toMatchObject(infeasible);
    await expect(createTabularEvaluator().evaluate(row("t", 1, 1), evaluation, context)).rejects.toMatchObject(
      infeasible,
    );
    await expect(createTabularEvaluator().evaluate(graph, evaluation, context)).rejects.toMatchObject(infeasible);
  });

  test("reads a table once while it is among the last four used", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const context = contextOf(Object.fromEntries(names.map((name) => [name, table(name)])));
    const evaluator = createTabularEvaluator();
    for (const name of ["a", "a", "b", "c", "d", "a", "e", "a", "b"]) {
      await evaluator.evaluate(row(name, 1), evaluation, context);
    }
    expect(context.fetched).toEqual(["a", "b", "c", "d", "e", "b"]);
  });

  test.each([
    ["no JSON", "{"],
    ["another document", "[]"],
    ["no UTF-8", "\xff\xfe"],
  ])("fails with data_unavailable where the file is %s, and tries it anew the next time", async (_, content) => {
    const context = contextOf({ t: content });
    const evaluator = createTabularEvaluator();
    const unavailable = { name: "EvaluationError", reason: "data_unavailable" };
    await expect(evaluator.evaluate(row("t", 1), evaluation, context)).rejects.toMatchObject(unavailable);
    await expect(evaluator.evaluate(row("t", 1), evaluation, context)).rejects.toMatchObject(unavailable);
    expect(context.fetched).toHaveLength(2);
  });
});
