import { html, svg, trusted, type Html, type HtmlValue } from "./html.ts";

/** Size of a drawing in its own units, and the room its axes take. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** One drawing, for eyes and for screen readers. */
export interface Drawing {
  /** Unique in the document. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen, in words. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly body: Html;
  /** JSON for the page's script, which shows what the dots stand for. */
  readonly plot?: string;
  /** Class of the style sheet. */
  readonly className?: string;
}

/** An SVG element with its title and description. */
export function drawing({ id, title, description, width, height, body, plot, className = "" }: Drawing): Html {
  const data = plot === undefined ? null : svg` data-plot="${plot}"`;
  return svg`
    <svg id="${id}" class="${className}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t ${id}-d"${data}>
      <title id="${id}-t">${title}</title>
      <desc id="${id}-d">${description}</desc>
      ${body}
    </svg>`;
}

/** A figure with its caption; the number is the style sheet's. `content` may be wider than a phone: it scrolls. */
export function figure(kind: string, title: string, caption: HtmlValue, content: HtmlValue): Html {
  return html`<figure class="${kind}">
    <div class="scroll">${content}</div>
    <figcaption><b>${title}</b> ${caption}</figcaption>
  </figure>`;
}

/** One axis mark: where (in the drawing's units) and what it says. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Horizontal axis below the plot: ticks, labels, name. */
export function bottomAxis({ left, right, bottom, width, height }: Frame, ticks: readonly Tick[], name: string): Html {
  const y = height - bottom;
  const end = width - right;
  const marks = ticks.map(({ at }) => `M${round(at)},${y}v4`).join("");
  return svg`
    <g class="axis">
      <path d="M${left},${y}H${end}${trusted(marks)}"/>
      ${ticks.map(({ at, label }) => svg`<text x="${round(at)}" y="${y + 17}" text-anchor="middle">${label}</text>`)}
      <text class="name" x="${end}" y="${height - 3}" text-anchor="end">${name}</text>
    </g>`;
}

/** Vertical axis left of the plot: grid lines, labels; its name stands above, to be read without turning the head. */
export function leftAxis({ left, right, width }: Frame, ticks: readonly Tick[], name: string): Html {
  const grid = ticks.map(({ at }) => `M${left},${round(at)}H${width - right}`).join("");
  const label = (tick: Tick): Html =>
    svg`<text x="${left - 7}" y="${round(tick.at)}" dy=".34em" text-anchor="end">${tick.label}</text>`;
  return svg`
    <g class="axis">
      <path class="grid" d="${trusted(grid)}"/>
      ${ticks.map(label)}
      <text class="name" x="2" y="12">${name}</text>
    </g>`;
}

/** A coordinate with as many decimals as an eye can tell. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Path data of dots (zero-length strokes with round caps) at the points; equal dots once. */
export function dots(points: Iterable<readonly [number, number]>): string {
  const seen = new Set<string>();
  for (const [x, y] of points) seen.add(`M${round(x)},${round(y)}h0`);
  return [...seen].join("");
}

/** What stands where there is nothing to draw. */
export function nothing(text: string): Html {
  return html`<p class="nothing">${text}</p>`;
}
