import type { ReportContext } from "./context.ts";
import { formatDecimal, formatInteger } from "./format.ts";
import { html, type Html } from "./html.ts";

/** What each stage took and what it settled. */
export function stagesTable({ input: { result } }: ReportContext): Html {
  return html`<div class="scroll">
    <table class="stages">
      <caption>
        Stages
      </caption>
      <thead>
        <tr>
          <th>Stage</th>
          <th class="n">Rounds</th>
          <th class="n">Draws</th>
          <th class="n">Trials</th>
          <th class="n">Entropy at start, nats</th>
          <th class="n">at end, nats</th>
        </tr>
      </thead>
      <tbody>
        ${result.stages.map(
          (stage) =>
            html`<tr>
              <th scope="row">${stage.name}</th>
              <td class="n">${formatInteger(stage.rounds)}</td>
              <td class="n">${formatInteger(stage.draws)}</td>
              <td class="n">${formatInteger(stage.trials)}</td>
              <td class="n">${formatDecimal(stage.entropyStart, 3)}</td>
              <td class="n">${formatDecimal(stage.entropyEnd, 3)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
