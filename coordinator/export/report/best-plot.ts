import { scaleLinear } from "d3-scale";
import { curveStepAfter, line } from "d3-shape";
import { meetsTarget, type ReportContext } from "./context.ts";
import { bottomAxis, dots, drawing, leftAxis, nothing } from "./figure.ts";
import { formatPercent } from "./format.ts";
import { svg, trusted, type Html } from "./html.ts";
import { progressFrame, progressHeight, progressWidth } from "./round-axis.ts";
import { fittedFraction, integerTicks, percentTicks } from "./scales.ts";

/** The accuracy of each trial in order, and the best so far that keeps the cost target. */
export function bestPlot({ scored, spec }: ReportContext): Html {
  const last = scored.at(-1);
  if (last === undefined) return nothing("No trial was measured.");
  const x = scaleLinear()
    .domain([0, last.trial.trial + 1])
    .range(progressWidth);
  const y = fittedFraction(
    scored.map(({ accuracy }) => accuracy),
    progressHeight,
  );
  const steps: [number, number][] = [];
  let best = -Infinity;
  for (const { trial, accuracy } of scored) {
    if (accuracy <= best || !meetsTarget(trial, spec.search.cost)) continue;
    best = accuracy;
    steps.push([x(trial.trial), y(accuracy)]);
  }
  const hasBest = steps.length > 0;
  const path = hasBest ? `${line().curve(curveStepAfter).digits(1)(steps) ?? ""}H${progressWidth[1]}` : "";
  return drawing({
    id: "best-plot",
    title: "Best accuracy over trials",
    description: hasBest
      ? `The best accuracy${spec.search.cost === null ? "" : " that keeps the cost target"} is ${formatPercent(best)} in the end.`
      : "No measured trial keeps the cost target.",
    width: progressFrame.width,
    height: progressFrame.height,
    body: svg`
      ${leftAxis(progressFrame, percentTicks(y), "accuracy")}
      ${bottomAxis(progressFrame, integerTicks(x), "trial")}
      <path class="dots faint" d="${trusted(dots(scored.map(({ trial, accuracy }) => [x(trial.trial), y(accuracy)])))}"/>
      <path class="line" d="${trusted(path)}"/>`,
  });
}
