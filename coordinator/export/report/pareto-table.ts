import type { ReportContext } from "./context.ts";
import { formatCount, formatInteger, formatPercent } from "./format.ts";
import { html, type Html } from "./html.ts";

/** The networks to choose from: none evaluated is both cheaper and better. */
export function paretoTable({ input: { result } }: ReportContext): Html {
  return html`<details>
    <summary>The Pareto front: ${formatInteger(result.pareto.length)} evaluated, by rising cost</summary>
    <div class="scroll">
      <table class="pareto">
        <caption>
          Evaluated networks that no other beats in both accuracy and cost (arms as indices in the order of the choices)
        </caption>
        <thead>
          <tr>
            <th scope="col" class="n">Trial</th>
            <th scope="col" class="n">Accuracy</th>
            <th scope="col" class="n">MACs</th>
            <th scope="col" class="n">Params</th>
            <th scope="col">Arms</th>
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
