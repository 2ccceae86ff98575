import type { Features } from "../../../network/shapes.ts";
import type { Graph } from "../../../network/types.ts";
import { drawing, figure, round } from "./figure.ts";
import { formatCount, formatInteger } from "./format.ts";
import { svg, type Html } from "./html.ts";
import { resolution, type LayerRow } from "./layer-rows.ts";

const width = 880;
const rowHeight = 32;
const blockHeight = 22;
const headHeight = 46;
const footHeight = 34;
const center = 128;
const maxBlockWidth = 108;
const minBlockWidth = 14;
const barWidth = 54;
const columns = {
  name: 222,
  kernel: 292,
  expansion: 342,
  squeeze: 428,
  stride: 474,
  channels: 572,
  params: 644,
  macs: 760,
} as const;

const caption =
  "Layers from input (top) to logits (bottom): the wider a block, the larger the map; the darker, the larger the kernel; an arc is a residual connection. Expansion is the ratio of a block's inner channels (in brackets) to its input's; SE is the hidden width of squeeze-and-excitation.";

/** The layers of a graph, one below the other, each with its settings and its share of the cost. */
export function graphFigure(graph: Graph, rows: readonly LayerRow[]): Html {
  const height = headHeight + rows.length * rowHeight + footHeight;
  const input = `${resolution({ type: "map", ...graph.input })}×${graph.input.channels}`;
  const content = drawing({
    id: "architecture-plot",
    title: "The found architecture",
    description: `Input ${input}. ${rows.map(describe).join("; ")}.`,
    width,
    height,
    body: svg`${heading(input)}${rows.map((_, i) => layer(rows, i, graph.input.width))}${totals(rows, height)}`,
  });
  return figure("architecture", "The found architecture.", caption, content);
}

function heading(input: string): Html {
  const names = [
    [center, "middle", `input ${input}`],
    [columns.name, "start", "layer"],
    [columns.kernel, "start", "kernel"],
    [columns.expansion, "start", "expansion"],
    [columns.squeeze, "start", "SE"],
    [columns.stride, "start", "stride"],
    [columns.channels, "end", "channels"],
    [columns.params, "end", "params"],
    [columns.macs, "end", "MACs"],
  ] as const;
  return svg`
    <g class="head">
      ${names.map(([x, anchor, name]) => svg`<text x="${x}" y="14" text-anchor="${anchor}">${name}</text>`)}
    </g>
    <path class="flow" d="M${center},22V${headHeight + 2}"/>`;
}

function layer(rows: readonly LayerRow[], index: number, inputWidth: number): Html {
  const row = rows[index];
  if (row === undefined) return svg``;
  const y = headHeight + index * rowHeight + rowHeight / 2 - 1;
  const settings = [
    [columns.kernel, row.kernel],
    [columns.expansion, row.expansion],
    [columns.squeeze, row.squeeze],
    [columns.stride, row.stride],
  ] as const;
  const isNewSize = index === 0 || resolution(row.output) !== resolution(row.input);
  return svg`
    <g class="layer">
      <path class="rule" d="M${columns.name},${y + 14}H${width}"/>
      ${block(row, y - 13, inputWidth, index === rows.length - 1)}
      ${isNewSize ? svg`<text class="size" x="0" y="${y}" dy=".34em">${resolution(row.output)}</text>` : null}
      <text class="op" x="${columns.name}" y="${y}" dy=".34em">${row.name}</text>
      ${settings.map(([x, value]) => (value === "" ? null : svg`<text x="${x}" y="${y}" dy=".34em">${value}</text>`))}
      <text x="${columns.channels}" y="${y}" dy=".34em" text-anchor="end">${formatInteger(row.output.channels)}</text>
      ${cost(columns.params, y, row.params, Math.max(...rows.map(({ params }) => params)))}
      ${cost(columns.macs, y, row.macs, Math.max(...rows.map(({ macs }) => macs)))}
    </g>`;
}

/** The layer's shape from its input's width to its output's, the way on, and the arc of a residual connection. */
function block(row: LayerRow, top: number, inputWidth: number, isLast: boolean): Html {
  const [from, to] = [blockWidth(row.input, inputWidth), blockWidth(row.output, inputWidth)];
  const bottom = top + blockHeight;
  const corners = `${round(center - from / 2)},${top}h${round(from)}L${round(center + to / 2)},${bottom}h${-round(to)}z`;
  const edge = round(center + to / 2 + 3);
  const flow = isLast ? null : svg`<path class="flow" d="M${center},${bottom}V${bottom + rowHeight - blockHeight}"/>`;
  const arc = row.residual ? svg`<path class="arc" d="M${edge},${top + 2}c13,3 13,15 0,18"/>` : null;
  return svg`<path class="block ${row.layer.type} ${kernelClass(row)}" d="M${corners}"/>${flow}${arc}`;
}

/** The square root keeps a map of 7×7 visible beside one of 224×224. */
function blockWidth(features: Features, inputWidth: number): number {
  const side = features.type === "map" ? features.width : 1;
  return Math.max(minBlockWidth, Math.sqrt(side / inputWidth) * maxBlockWidth);
}

function kernelClass({ layer: { type }, kernel }: LayerRow): string {
  if (type !== "mbconv") return "";
  const side = Number.parseInt(kernel);
  return side <= 3 ? "small" : side <= 5 ? "medium" : "large";
}

/** A figure, and a bar for its size beside the largest one's. */
function cost(x: number, y: number, value: number, largest: number): Html {
  const share = round(largest === 0 ? 0 : (value / largest) * barWidth);
  return svg`
    <text x="${x}" y="${y}" dy=".34em" text-anchor="end">${formatCount(value)}</text>
    <path class="share" d="M${x + 7},${y - 4}h${share}v8h${-share}z"/>`;
}

function totals(rows: readonly LayerRow[], height: number): Html {
  const y = height - 12;
  const params = rows.reduce((sum, row) => sum + row.params, 0);
  const macs = rows.reduce((sum, row) => sum + row.macs, 0);
  return svg`
    <g class="total">
      <text x="${columns.name}" y="${y}">Total</text>
      <text x="${columns.params}" y="${y}" text-anchor="end">${formatCount(params)}</text>
      <text x="${columns.macs}" y="${y}" text-anchor="end">${formatCount(macs)}</text>
    </g>`;
}

function describe(row: LayerRow): string {
  const parts = [
    row.name,
    row.kernel,
    row.expansion && `expansion ${row.expansion}`,
    row.squeeze && `SE ${row.squeeze}`,
    row.stride && `stride ${row.stride}`,
    `to ${resolution(row.output)}×${row.output.channels}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}
