import type { Evaluation } from "../../network/evaluation.ts";
import type { Measurement } from "../../network/measurement.ts";
import { parseTable, tableRow, type Table } from "../../network/table.ts";
import type { Network } from "../../network/types.ts";
import { EvaluationError, type EvaluationContext, type Evaluator } from "./evaluator.ts";

/** How many read tables are kept: a worker serves few jobs at a time. */
const tablesKept = 4;

/** Looks networks up in tables of known results. Each table is fetched and read once, and kept while it is among the last used. */
export function createTabularEvaluator(): Evaluator {
  /** By hash, least recently used first. */
  const tables = new Map<string, Table>();

  async function tableOf(sha256: string, context: EvaluationContext): Promise<Table> {
    const table = tables.get(sha256) ?? readTable(await context.fetchFile(sha256), sha256);
    tables.delete(sha256);
    tables.set(sha256, table);
    const [oldest] = tables.keys();
    if (tables.size > tablesKept && oldest !== undefined) tables.delete(oldest);
    return table;
  }

  return {
    name: "tabular",
    async evaluate(network: Network, _evaluation: Evaluation, context: EvaluationContext): Promise<Measurement> {
      if (network.type !== "tableRow") {
        throw new EvaluationError("infeasible", "a network to build has no row in a table");
      }
      const row = tableRow(await tableOf(network.tableSha256, context), network.arms);
      if (row === undefined) {
        throw new EvaluationError("infeasible", `the table does not list the arms [${network.arms.join(", ")}]`);
      }
      return { accuracy: row.accuracy, steps: 0, extra: {} };
    },
  };
}

function readTable(bytes: Uint8Array, sha256: string): Table {
  try {
    return parseTable(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EvaluationError("data_unavailable", `the file ${sha256} is no table: ${why}`, { cause: error });
  }
}
