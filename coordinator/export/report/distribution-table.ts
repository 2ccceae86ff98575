import type { SlotSummary } from "../../search/types.ts";
import type { ReportInput } from "../report-input.ts";
import type { ReportContext } from "./context.ts";
import { formatDecimal, formatInteger, formatProbability } from "./format.ts";
import { html, type Html } from "./html.ts";

/** Rows of one slot: a merged slot has too many arms to list. */
const shownArms = 5;

/** The distribution at the end: the most probable arms of each slot. */
export function distributionTable({ input }: ReportContext): Html {
  return html`<div class="scroll">
    <table class="distribution">
      <caption>
        Distribution at the end: the most probable arms of each slot
      </caption>
      <thead>
        <tr>
          <th>Slot</th>
          <th class="n">Entropy, nats</th>
          <th>Arms</th>
          <th class="n">Probability</th>
        </tr>
      </thead>
      ${input.result.distribution.map((slot) => slotRows(slot, input))}
    </table>
  </div>`;
}

function slotRows(slot: SlotSummary, input: ReportInput): Html {
  const ranked = slot.probabilities
    .map((probability, arm) => ({ probability, arm }))
    .sort((a, b) => b.probability - a.probability || a.arm - b.arm);
  const shown = ranked.filter(({ probability }, i) => i === 0 || (i < shownArms && probability >= 0.005));
  const rest = ranked.slice(shown.length);
  const span = shown.length + (rest.length > 0 ? 1 : 0);
  const labels = slot.choices.map((name) => input.choices.find((choice) => choice.name === name)?.arms ?? []);
  return html`<tbody>
    ${shown.map(
      ({ probability, arm }, i) =>
        html`<tr>
          ${
            i > 0
              ? null
              : html`<th scope="rowgroup" rowspan="${span}">${slotName(slot.choices)}</th>
                  <td class="n" rowspan="${span}">${formatDecimal(entropy(slot.probabilities), 2)}</td>`
          }
          <td>${jointLabels(labels, arm).join(" · ")}</td>
          <td class="n">
            <i class="meter" style="--p:${formatDecimal(probability, 3)}"></i
            ><span class="p">${formatProbability(probability)}</span>
          </td>
        </tr>`,
    )}${
      rest.length === 0
        ? null
        : html`<tr class="rest">
            <td>${formatInteger(rest.length)} others</td>
            <td class="n">${formatProbability(rest.reduce((sum, { probability }) => sum + probability, 0))}</td>
          </tr>`
    }
  </tbody>`;
}

/** The choices' names, with a prefix that all share ("block2.") said once. */
function slotName(choices: readonly string[]): string {
  const [first = "", ...others] = choices;
  const prefix = first.slice(0, first.lastIndexOf(".") + 1);
  const isShared = prefix !== "" && others.length > 0 && others.every((name) => name.startsWith(prefix));
  if (!isShared) return choices.join(" · ");
  return `${prefix.slice(0, -1)}: ${choices.map((name) => name.slice(prefix.length)).join(" · ")}`;
}

/** Labels of one arm of a slot; its last choice runs fastest. */
function jointLabels(labels: readonly (readonly string[])[], arm: number): readonly string[] {
  let rest = arm;
  return labels
    .toReversed()
    .map((arms) => {
      const size = Math.max(1, arms.length);
      const index = rest % size;
      rest = Math.floor(rest / size);
      return arms[index] ?? String(index);
    })
    .reverse();
}

function entropy(probabilities: readonly number[]): number {
  return probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
}
