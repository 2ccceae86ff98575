import { decodeNetwork } from "../../../network/codec.ts";
import type { ReportContext } from "./context.ts";
import { graphFigure } from "./graph-figure.ts";
import { html, type Html } from "./html.ts";
import { layerRows } from "./layer-rows.ts";
import { layerTable } from "./layer-table.ts";

/** The answer: its layers drawn in order for a graph, its arms listed for a row of a table. */
export function architectureFigure(context: ReportContext): Html {
  const network = decodeNetwork(context.input.result.network);
  switch (network.type) {
    case "graph": {
      const rows = layerRows(network);
      return html`${graphFigure(network, rows)}${layerTable(rows)}`;
    }
    case "tableRow":
      return armTable(context, network.arms);
  }
}

function armTable({ input: { choices } }: ReportContext, arms: readonly number[]): Html {
  return html`<div class="scroll">
    <table class="arms">
      <caption>
        The found architecture: a row of the table of known results
      </caption>
      <thead>
        <tr>
          <th scope="col">Choice</th>
          <th scope="col">Arm</th>
        </tr>
      </thead>
      <tbody>
        ${arms.map(
          (arm, i) =>
            html`<tr>
              <th scope="row">${choices[i]?.name ?? `choice ${i + 1}`}</th>
              <td>${choices[i]?.arms[arm] ?? arm}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
