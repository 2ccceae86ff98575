import type { RoundSummary } from "../../search/types.ts";
import type { ReportContext } from "./context.ts";
import { bottomAxis, drawing, leftAxis, nothing, round } from "./figure.ts";
import { formatInteger } from "./format.ts";
import { svg, trusted, type Html } from "./html.ts";
import { progressFrame, progressHeight, roundScale, stageWalls } from "./round-axis.ts";
import { fitted, integerTicks } from "./scales.ts";

/** How many draws each round learned from, and how many new networks were drawn in it: in an asynchronous stage those may end later. */
export function drawsPlot({ input: { rounds }, stages }: ReportContext): Html {
  if (rounds.length === 0) return nothing("No draws were made.");
  const x = roundScale(rounds);
  const y = fitted([0, ...rounds.map(({ draws, newTrials }) => Math.max(draws, newTrials))], progressHeight);
  const base = progressHeight[0];
  const half = Math.max(0.4, Math.min(8, (x(2) - x(1)) * 0.4));
  const bars = (count: (summary: RoundSummary) => number): string =>
    rounds
      .map((one) => `M${round(x(one.round) - half)},${base}V${round(y(count(one)))}h${round(2 * half)}V${base}z`)
      .join("");
  const draws = rounds.reduce((sum, one) => sum + one.draws, 0);
  const created = rounds.reduce((sum, one) => sum + one.newTrials, 0);
  return drawing({
    id: "draws-plot",
    title: "Draws over rounds",
    description: `${formatInteger(draws)} draws in ${formatInteger(rounds.length)} rounds; ${formatInteger(created)} of them named a network not drawn before (dark part of each bar).`,
    width: progressFrame.width,
    height: progressFrame.height,
    body: svg`
      ${leftAxis(progressFrame, integerTicks(y), "draws (dark: new networks)")}
      ${bottomAxis(progressFrame, integerTicks(x), "round")}
      <path class="bar" d="${trusted(bars((one) => one.draws))}"/>
      <path class="bar new" d="${trusted(bars((one) => one.newTrials))}"/>
      ${stageWalls(stages, x)}`,
  });
}
