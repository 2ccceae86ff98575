import { symbol, symbolDiamond, symbolSquare, symbolStar, type SymbolType } from "d3-shape";
import { formatPercent } from "./format.ts";
import { round } from "./figure.ts";
import { svg, trusted, type Html } from "./html.ts";

/** A network that a drawing points out. */
export interface Mark {
  readonly name: "answer" | "mode" | "best observed";
  readonly x: number;
  readonly y: number;
  readonly accuracy: number;
}

const shapes: Readonly<Record<Mark["name"], { readonly type: SymbolType; readonly size: number }>> = {
  answer: { type: symbolStar, size: 130 },
  mode: { type: symbolDiamond, size: 170 },
  "best observed": { type: symbolSquare, size: 190 },
};
const lineHeight = 16;
/** Advance of one character of a label, at most. */
const characterWidth = 8;

/** Symbols over the marked points and one label a point; labels stand on the side away from a neighbour, or below each other. */
export function drawMarks(marks: readonly Mark[], width: number): Html {
  const symbols = marks.map(({ name, x, y, accuracy }) => {
    const { type, size } = shapes[name];
    const path = symbol(type, size).digits(1)() ?? "";
    return svg`
      <path class="mark ${name.replace(" ", "-")}" transform="translate(${round(x)},${round(y)})" d="${trusted(path)}">
        <title>${name}: ${formatPercent(accuracy)}</title>
      </path>`;
  });
  // The answer is drawn last: over the others where they coincide.
  return svg`${symbols.reverse()}${labels(marks, width)}`;
}

function labels(marks: readonly Mark[], width: number): readonly Html[] {
  const points = new Map<string, { x: number; y: number; names: string[] }>();
  for (const { name, x, y } of marks) {
    const key = `${round(x)},${round(y)}`;
    const point = points.get(key) ?? { x, y, names: [] };
    point.names.push(name);
    points.set(key, point);
  }
  const placed = [...points.values()].sort((a, b) => a.y - b.y);
  const lowest = { start: -Infinity, end: -Infinity };
  return placed.map(({ x, y, names }) => {
    const near = placed.filter((other) => Math.abs(other.y - y) < lineHeight && Math.abs(other.x - x) < width / 3);
    const room = x + names.join(" = ").length * characterWidth < width ? "start" : "end";
    const anchor = near.some((other) => other.x > x) ? "end" : near.some((other) => other.x < x) ? "start" : room;
    const at = Math.max(y, lowest[anchor] + lineHeight);
    lowest[anchor] = at;
    // Above the point: beside it runs the Pareto front.
    const side = round(anchor === "end" ? x - 9 : x + 9);
    return svg`<text class="label" x="${side}" y="${round(at - 11)}" text-anchor="${anchor}">${names.join(" = ")}</text>`;
  });
}
