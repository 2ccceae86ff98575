import type { ReportContext } from "./context.ts";
import { formatCount, formatInteger, formatPercent } from "./format.ts";
import { html, type Html } from "./html.ts";

/** The networks to choose from: none evaluated is both cheaper and better. */
export function paretoTable({ input: { result } }: ReportContext): Html {
  return html`<details>
    <summary>The Pareto front: ${formatInteger(result.pareto.length)} evaluated, by rising cost</summary>
    <div class="scroll">
      <table class="pareto">
        <thead>
          <tr>
            <th class="n">Trial</th>
            <th class="n">Accuracy</th>
            <th class="n">MACs</th>
            <th class="n">Params</th>
            <th>Arms</th>
          </tr>
        </thead>
        <tbody>
          ${result.pareto.map(
            ({ trial, measurement, macs, params, arms }) =>
              html`<tr>
                <td class="n">${trial}</td>
                <td class="n">${formatPercent(measurement.accuracy)}</td>
                <td class="n">${formatCount(macs)}</td>
                <td class="n">${formatCount(params)}</td>
                <td>${arms.join(" ")}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
