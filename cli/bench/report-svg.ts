import { scaleLog, scaleSqrt } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { bottomAxis, leftAxis, round, type Frame } from "../../coordinator/export/report/figure.ts";
import { svg, trusted, type Html } from "../../coordinator/export/report/html.ts";
import { regretQuantile } from "./bench-row.ts";
import type { BenchRun } from "./run-bench.ts";

const frame: Frame = { width: 860, height: 380, top: 48, right: 210, bottom: 44, left: 64 };

/** Distinct for most colour-blind readers too (Okabe and Ito, 2008), the last two added; further algorithms begin anew, dashed. */
const colors = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#000000",
  "#8c6d31",
  "#7f7f7f",
  "#6a3d9a",
];

const style = `
svg { background: #fffefb; } text { font: 12px "Helvetica Neue", Arial, sans-serif; fill: #1b1f24; } path { fill: none; }
.title { font-size: 15px; font-weight: 600; } .axis path { stroke: #59616b; } .axis .grid { stroke: #ebe8df; } .axis text { fill: #59616b; }
.line { stroke-width: 1.8; } .band { stroke: none; fill-opacity: .1; } .again { stroke-dasharray: 5 3; }`;

/** Points of a curve at most. */
const maxPoints = 150;

/** One algorithm's regret after so many draws, in points of accuracy. */
interface CurvePoint {
  readonly draws: number;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Median regret after n draws with the band between the quartiles, a panel a problem, as an SVG document. */
export function benchSvg(runs: readonly BenchRun[], maxDraws: number): string {
  const names = [...new Set(runs.map(({ problem }) => problem.name))];
  const panels = names.map((name, place) => {
    const own = runs.filter(({ problem }) => problem.name === name);
    return svg`<g transform="translate(0,${place * frame.height})">${panel(name, own, maxDraws)}</g>`;
  });
  const height = names.length * frame.height;
  return svg`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${height}" width="${frame.width}" height="${height}" role="img" aria-label="Median regret after n draws">
    <style>${trusted(style)}</style>
    ${panels}
    </svg>
    `.text;
}

function panel(name: string, runs: readonly BenchRun[], maxDraws: number): Html {
  const curves = runs.map(({ algorithm, records }) => ({
    algorithm,
    points: drawCounts(maxDraws).map((draws): CurvePoint => {
      const at = (share: number): number => regretQuantile(records, draws, share);
      return { draws, low: at(0.25), middle: at(0.5), high: at(0.75) };
    }),
  }));
  const { left, right, top, bottom, width, height } = frame;
  const x = scaleLog()
    .domain([1, Math.max(2, maxDraws)])
    .range([left, width - right]);
  // Regrets end at 0, where a logarithm has no place.
  const y = scaleSqrt()
    .domain([0, worst(curves.flatMap(({ points }) => points))])
    .nice()
    .clamp(true)
    .range([height - bottom, top]);
  const xTicks = drawTicks(maxDraws).map((draws) => ({ at: x(draws), label: String(draws) }));
  const yTicks = y.ticks(6).map((regret) => ({ at: y(regret), label: String(regret) }));
  return svg`
    <text class="title" x="2" y="18">${name}</text>
    <g transform="translate(0,24)">${leftAxis({ ...frame, top: 0 }, [], "regret of the best so far, points of accuracy: median and quartiles")}</g>
    ${leftAxis(frame, yTicks, "")}
    ${bottomAxis(frame, xTicks, "draws")}
    ${curves.map(({ algorithm, points }, place) => {
      const color = colors[place % colors.length] ?? "";
      const again = place < colors.length ? "" : " again";
      const known = (value: number): boolean => Number.isFinite(value);
      const band = area<CurvePoint>()
        .defined(({ low, high }) => known(low) && known(high))
        .curve(curveStepAfter)
        .x(({ draws }) => x(draws))
        .y0(({ low }) => y(low))
        .y1(({ high }) => y(high));
      const middle = line<CurvePoint>()
        .defined(({ middle: value }) => known(value))
        .curve(curveStepAfter)
        .x(({ draws }) => x(draws))
        .y(({ middle: value }) => y(value));
      const at = top + 14 + 20 * place;
      return svg`
        <path class="band" fill="${color}" style="fill:${color}" d="${trusted(band.digits(1)(points) ?? "")}"/>
        <path class="line${again}" stroke="${color}" d="${trusted(middle.digits(1)(points) ?? "")}"/>
        <path class="line${again}" stroke="${color}" d="M${width - right + 16},${at}h22"/>
        <text x="${width - right + 46}" y="${round(at)}" dy=".34em">${algorithm}</text>`;
    })}`;
}

/** The highest median after the first ten draws, before which all are bad: it sets the scale. */
function worst(points: readonly CurvePoint[]): number {
  const late = points.filter(({ draws, middle }) => draws >= 10 && Number.isFinite(middle));
  return Math.max(1e-3, ...late.map(({ middle }) => middle));
}

/** Numbers of draws at even distances on a logarithmic axis, each once, the cap among them. */
function drawCounts(maxDraws: number): readonly number[] {
  const counts = Array.from({ length: maxPoints }, (_, point) => Math.round(maxDraws ** (point / (maxPoints - 1))));
  return [...new Set(counts)];
}

/** 1, 2, 5, 10, .. up to the cap. */
function drawTicks(maxDraws: number): readonly number[] {
  const ticks: number[] = [];
  for (let decade = 1; decade <= maxDraws; decade *= 10) ticks.push(decade, 2 * decade, 5 * decade);
  return ticks.filter((draws) => draws <= maxDraws);
}
