import { tableRow, type Table } from "../../../network/table.ts";
import { checkArms } from "./arms.ts";
import type { Space } from "./space.ts";

/**
 * The space of a table's choices. A sample is decoded to the table's row, listed or not: whether it is listed is for the worker to say.
 * @param tableSha256 SHA-256 of the table's bytes as submitted, lower-case hexadecimal.
 */
export function tableSpace(table: Table, tableSha256: string): Space {
  return {
    name: table.name,
    choices: table.choices,
    decode(arms) {
      checkArms(table.choices, arms);
      return { type: "tableRow", tableSha256, arms: [...arms] };
    },
    cost(arms) {
      checkArms(table.choices, arms);
      const record = tableRow(table, arms);
      if (record === undefined) return undefined;
      const { macs, params } = record;
      return { ...(macs !== undefined && { macs }), ...(params !== undefined && { params }) };
    },
    knows: (figure) => [...table.rows.values()].some((record) => record[figure] !== undefined),
    largest() {
      let most = { macs: -1, arms: undefined as readonly number[] | undefined };
      for (const { arms, macs } of table.rows.values()) {
        if (macs !== undefined && macs > most.macs) most = { macs, arms };
      }
      return most.arms;
    },
  };
}
