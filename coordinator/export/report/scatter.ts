import { curveStepAfter, line } from "d3-shape";
import { paretoFront, type CostedPoint } from "../../search/pareto.ts";
import { bottomAxis, dots, drawing, leftAxis, round, type Frame } from "./figure.ts";
import { svg, trusted, type Html } from "./html.ts";
import { drawMarks, type Mark } from "./marks.ts";
import type { RoundBin } from "./round-colors.ts";
import { countTicks, fitted, fittedFraction, integerTicks, percentTicks, type Scale } from "./scales.ts";

/** The drawing for wide windows and the one for phones, whose text would be too small if the first were shrunk; one is shown. */
const frames = {
  wide: { width: 760, height: 430, top: 30, right: 20, bottom: 42, left: 48 },
  narrow: { width: 360, height: 360, top: 30, right: 16, bottom: 42, left: 40 },
} as const satisfies Readonly<Record<string, Frame>>;

/** More dots than this are drawn smaller. */
const manyPoints = 1000;

/** A measured trial; `cost` is its place from left to right. */
export interface PlacedTrial extends CostedPoint {
  readonly round: number;
}

/** A network to point out. */
export interface MarkedNetwork extends CostedPoint {
  readonly name: Mark["name"];
}

export interface Scatter {
  readonly shape: keyof typeof frames;
  /** Whether costs are MACs; trial numbers otherwise, and there is no front. */
  readonly isCosted: boolean;
  /** At least one. */
  readonly points: readonly PlacedTrial[];
  readonly bins: readonly RoundBin[];
  readonly marked: readonly MarkedNetwork[];
  readonly target: number | undefined;
  readonly description: string;
}

/** The dots of one scatter plot, one path a colour. */
export function scatter({ shape, isCosted, points, bins, marked, target, description }: Scatter): Html {
  const frame = frames[shape];
  const shown = [...points, ...marked];
  const x = fitted(
    [...shown.map(({ cost }) => cost), ...(target === undefined ? [] : [target])],
    [frame.left, frame.width - frame.right],
  );
  const y = fittedFraction(
    shown.map(({ accuracy }) => accuracy),
    [frame.height - frame.bottom, frame.top],
  );
  const marks = marked.map(({ name, cost, accuracy }) => ({ name, accuracy, x: x(cost), y: y(accuracy) }));
  const ticks = (isCosted ? countTicks : integerTicks)(x, frame.width / 100);
  return drawing({
    id: `trials-plot-${shape}`,
    className: shape,
    title: isCosted ? "Accuracy over MACs" : "Accuracy over trial number",
    description,
    width: frame.width,
    height: frame.height,
    plot: JSON.stringify({
      x: isCosted ? "macs" : "trial",
      xd: x.domain(),
      xr: x.range(),
      yd: y.domain(),
      yr: y.range(),
    }),
    body: svg`
      ${leftAxis(frame, percentTicks(y), "accuracy")}
      ${bottomAxis(frame, ticks, isCosted ? "multiply-accumulates (MACs)" : "trial")}
      ${target === undefined ? null : targetLine(x(target), frame)}
      ${bins.map((bin) => cloud(points, bin, x, y))}
      ${isCosted ? front(points, x, y, frame.width - frame.right) : null}
      ${drawMarks(marks, frame.width)}
      <g class="cursor"></g>`,
  });
}

/** The dots of some rounds. */
function cloud(points: readonly PlacedTrial[], { first, last, color }: RoundBin, x: Scale, y: Scale): Html {
  const inside = points.filter(({ round }) => round >= first && round <= last);
  const size = points.length > manyPoints ? " many" : "";
  const path = dots(inside.map(({ cost, accuracy }) => [x(cost), y(accuracy)]));
  return svg`<path class="dots ${color}${size}" d="${trusted(path)}"/>`;
}

function front(points: readonly PlacedTrial[], x: Scale, y: Scale, end: number): Html {
  const corners = paretoFront(points).map(({ cost, accuracy }): [number, number] => [x(cost), y(accuracy)]);
  const steps = line().curve(curveStepAfter).digits(1)(corners) ?? "";
  return svg`
    <path class="front" d="${trusted(steps)}H${end}"/>
    <path class="front-dots" d="${trusted(dots(corners))}"/>`;
}

function targetLine(x: number, frame: Frame): Html {
  const isRight = x > frame.width / 2;
  return svg`
    <g class="target">
      <path d="M${round(x)},${frame.top - 8}V${frame.height - frame.bottom}"/>
      <text x="${round(isRight ? x - 5 : x + 5)}" y="${frame.height - frame.bottom - 7}" text-anchor="${isRight ? "end" : "start"}">cost target</text>
    </g>`;
}
