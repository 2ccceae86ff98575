import { formatInteger } from "./format.ts";
import { html, type Html } from "./html.ts";
import { resolution, type LayerRow } from "./layer-rows.ts";

const heads = ["#", "Layer", "Input", "Output", "Kernel", "Expansion", "SE", "Stride", "Params", "MACs"];

/** The drawn layers as a table, to be read aloud and copied. */
export function layerTable(rows: readonly LayerRow[]): Html {
  return html`<details>
    <summary>The same layers as a table</summary>
    <div class="scroll">
      <table class="layers">
        <caption>
          Layers of the found architecture
        </caption>
        <thead>
          <tr>
            ${heads.map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(tableRow)}
        </tbody>
      </table>
    </div>
  </details>`;
}

function tableRow(row: LayerRow, index: number): Html {
  const cells = [
    index + 1,
    row.name,
    `${resolution(row.input)}×${row.input.channels}`,
    `${resolution(row.output)}×${row.output.channels}`,
    row.kernel,
    row.expansion,
    row.squeeze,
    row.stride,
    formatInteger(row.params),
    formatInteger(row.macs),
  ];
  return html`<tr>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;
}
