import type { ReportContext } from "./context.ts";
import { formatCount, formatInteger, formatPercent } from "./format.ts";
import { html, type Html } from "./html.ts";

/** The found network beside a random one and the largest, trained alike; null where no final training was made. */
export function comparisonTable({ input: { result } }: ReportContext): Html | null {
  const { final, comparisons = [] } = result;
  if (final === undefined && comparisons.length === 0) return null;
  const rows = [
    ...(final === undefined
      ? []
      : [{ role: "found", accuracy: final.accuracy, macs: result.macs, params: result.params }]),
    ...comparisons,
  ];
  const best = Math.max(...rows.map(({ accuracy }) => accuracy ?? -Infinity));
  const steps = final === undefined ? "" : `, ${formatInteger(final.steps)} training steps each`;
  return html`<div class="scroll">
    <table class="comparison">
      <caption>
        Final training${steps}, measured once on the test part
      </caption>
      <thead>
        <tr>
          <th>Network</th>
          <th class="n">Test accuracy</th>
          <th class="n">MACs</th>
          <th class="n">Params</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr class="${row.role}">
              <th scope="row">${row.role}</th>
              <td class="n">
                ${
                  row.accuracy === undefined
                    ? html`<span class="failed"
                        >failed: ${("failure" in row ? row.failure : undefined) ?? "unknown"}</span
                      >`
                    : html`<span class="${row.accuracy === best ? "best" : ""}">${formatPercent(row.accuracy)}</span>`
                }
              </td>
              <td class="n">${formatCount(row.macs)}</td>
              <td class="n">${formatCount(row.params)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
