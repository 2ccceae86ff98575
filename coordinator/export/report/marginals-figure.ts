import { area } from "d3-shape";
import type { ReportContext } from "./context.ts";
import { drawing, figure, nothing, round } from "./figure.ts";
import { formatProbability, shorten } from "./format.ts";
import { html, svg, trusted, type Html } from "./html.ts";

const width = 250;
const rowHeight = 17;
const top = 20;
const valueWidth = 38;
/** Columns of one strip: more could not be told apart, and would only make the file large. */
const maxColumns = 120;
const maxLabelLength = 17;
const maxNameLength = 36;
/** Advance of one character of the label font, in the drawing's units. */
const characterWidth = 6.4;

/** One small drawing a choice: a strip an arm, whose height is the arm's probability, from the first round to the last. */
export function marginalsFigure(context: ReportContext): Html {
  const { choices, rounds } = context.input;
  if (rounds.length === 0) return nothing("No round was closed: the distribution is where it began.");
  const columns = sampleColumns(rounds.length);
  const labelLength = Math.min(
    maxLabelLength,
    Math.max(...choices.flatMap(({ arms }) => arms.map(({ length }) => length))),
  );
  return figure(
    "marginals",
    "Distribution over time.",
    html`One strip an arm: its height is the arm's probability after each round, from round ${rounds[0]?.round ?? 1}
    (left) to ${rounds.at(-1)?.round ?? 1} (right), the number its probability at the end. The answer's arm is coloured
    and marked ●. Dashed lines part the stages.`,
    html`<div class="multiples">${choices.map((_, choice) => choicePlot(context, choice, columns, labelLength))}</div>`,
  );
}

/** Indices of the rounds to draw: all, or evenly spread ones with both ends. */
function sampleColumns(rounds: number): readonly number[] {
  const count = Math.min(rounds, maxColumns);
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * (rounds - 1)) / (count - 1))));
}

function choicePlot(
  { input, stages }: ReportContext,
  choice: number,
  columns: readonly number[],
  labelLength: number,
): Html {
  const { name, arms } = input.choices[choice] ?? { name: "", arms: [] };
  const chosen = input.result.arms[choice];
  const left = Math.ceil(labelLength * characterWidth) + 22;
  const right = width - valueWidth;
  const rounds = input.rounds;
  const x = (column: number): number =>
    columns.length === 1 ? left : left + ((columns[column] ?? 0) / (rounds.length - 1)) * (right - left);
  const final = arms.map((_, arm) => rounds.at(-1)?.marginals[choice]?.[arm] ?? 0);
  const rows = arms.map((label, arm) => {
    const base = top + (arm + 1) * rowHeight - 3;
    const values = columns.map((column) => rounds[column]?.marginals[choice]?.[arm] ?? 0);
    const probability = formatProbability(final[arm] ?? 0);
    const isChosen = arm === chosen;
    return svg`
      <g class="${isChosen ? "arm chosen" : "arm"}">
        <title>${label}: ${probability} at the end${isChosen ? ", the answer's arm" : ""}</title>
        <text x="${left - 6}" y="${base}" text-anchor="end">${isChosen ? "● " : ""}${shorten(label, labelLength)}</text>
        <path class="strip" d="${strip(values, x, base, right)}"/>
        <path class="base" d="M${left},${base}H${right}"/>
        <text x="${width - 1}" y="${base}" text-anchor="end">${probability}</text>
      </g>`;
  });
  const height = top + arms.length * rowHeight + 4;
  const walls = stages.slice(1).map(({ firstRound }) => {
    const index = rounds.findIndex(({ round: number }) => number === firstRound);
    const at = left + ((index - 0.5) / Math.max(1, rounds.length - 1)) * (right - left);
    return `M${round(at)},${top - 2}V${height - 6}`;
  });
  return drawing({
    id: `choice-${choice}`,
    title: `Distribution of ${name} over rounds`,
    description: `Probabilities at the end: ${arms.map((label, arm) => `${label} ${formatProbability(final[arm] ?? 0)}`).join(", ")}.`,
    width,
    height,
    body: svg`
      <text class="heading" x="0" y="12">${shorten(name, maxNameLength)}</text>
      ${rows}
      <path class="wall" d="${trusted(walls.join(""))}"/>`,
  });
}

/** The area of an arm's probability; a single round fills the width. */
function strip(values: readonly number[], x: (column: number) => number, base: number, right: number): Html {
  const points = values.map((value, i) => [x(i), value] as const);
  const [only] = points;
  if (points.length === 1 && only !== undefined) points.push([right, only[1]]);
  const path = area<readonly [number, number]>()
    .x((point) => point[0])
    .y0(base)
    .y1((point) => base - point[1] * (rowHeight - 3))
    .digits(1);
  return trusted(path(points) ?? "");
}
