import { bestPlot } from "./best-plot.ts";
import type { ReportContext } from "./context.ts";
import { drawsPlot } from "./draws-plot.ts";
import { entropyPlot } from "./entropy-plot.ts";
import { figure } from "./figure.ts";
import { html, type Html } from "./html.ts";

/** Entropy and draws over rounds, and the best accuracy over trials, side by side. */
export function progressFigure(context: ReportContext): Html {
  const best = context.spec.search.cost === null ? "the best so far" : "the best so far that keeps the cost target";
  return figure(
    "progress",
    "Progress of the search.",
    `Entropy of the distribution after each round; draws of each round; each measured trial (dots) and ${best} (line). Dashed lines part the stages.`,
    html`<div class="row">${entropyPlot(context)}${drawsPlot(context)}${bestPlot(context)}</div>`,
  );
}
