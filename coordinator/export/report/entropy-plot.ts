import { line } from "d3-shape";
import type { ReportContext } from "./context.ts";
import { bottomAxis, dots, drawing, leftAxis, nothing } from "./figure.ts";
import { formatDecimal } from "./format.ts";
import { svg, trusted, type Html } from "./html.ts";
import { progressFrame, progressHeight, roundScale, stageWalls } from "./round-axis.ts";
import { fitted, integerTicks, plainTicks } from "./scales.ts";

/** More rounds than this make a line of the dots. */
const maxDots = 60;

/** The distribution's entropy after each round. */
export function entropyPlot({ input: { rounds }, stages }: ReportContext): Html {
  const [first, last] = [rounds[0], rounds.at(-1)];
  if (first === undefined || last === undefined) return nothing("No round was closed.");
  const x = roundScale(rounds);
  const y = fitted([0, ...rounds.map(({ entropy }) => entropy)], progressHeight);
  const points = rounds.map(({ round, entropy }): [number, number] => [x(round), y(entropy)]);
  const path = line().digits(1)(points) ?? "";
  return drawing({
    id: "entropy-plot",
    title: "Entropy over rounds",
    description: `From ${formatDecimal(first.entropy, 2)} nats after round ${first.round} to ${formatDecimal(last.entropy, 2)} nats after round ${last.round}.`,
    width: progressFrame.width,
    height: progressFrame.height,
    body: svg`
      ${leftAxis(progressFrame, plainTicks(y), "entropy (nats)")}
      ${bottomAxis(progressFrame, integerTicks(x), "round")}
      ${stageWalls(stages, x)}
      <path class="line" d="${trusted(path)}"/>
      <path class="line-dots" d="${trusted(dots(points.length > maxDots ? points.slice(-1) : points))}"/>`,
  });
}
