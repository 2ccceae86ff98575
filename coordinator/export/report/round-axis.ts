import { scaleLinear } from "d3-scale";
import type { RoundSummary } from "../../search/types.ts";
import type { StageSpan } from "./context.ts";
import { round, type Frame } from "./figure.ts";
import { svg, type Html } from "./html.ts";
import type { Scale } from "./scales.ts";

/** The frame that the small drawings of the search's progress share. */
export const progressFrame: Frame = { width: 340, height: 230, top: 38, right: 22, bottom: 40, left: 44 };

/** From left to right in the shared frame. */
export const progressWidth = [progressFrame.left, progressFrame.width - progressFrame.right] as const;

/** From bottom to top in the shared frame. */
export const progressHeight = [progressFrame.height - progressFrame.bottom, progressFrame.top] as const;

/** A scale on which every round, of which there is at least one, has the same room. */
export function roundScale(rounds: readonly RoundSummary[]): Scale {
  const numbers = rounds.map((summary) => summary.round);
  return scaleLinear()
    .domain([Math.min(...numbers) - 0.5, Math.max(...numbers) + 0.5])
    .range(progressWidth);
}

/** Dashed lines between the stages, each stage's name at its start. */
export function stageWalls(stages: readonly StageSpan[], x: Scale): Html {
  const { top, height, bottom } = progressFrame;
  const wall = ({ name, firstRound }: StageSpan, index: number): Html => {
    const at = round(x(firstRound - 0.5));
    const dashes = index === 0 ? null : svg`<path d="M${at},${top - 16}V${height - bottom}"/>`;
    return svg`${dashes}<text x="${at + 4}" y="${top - 8}">${name}</text>`;
  };
  return svg`<g class="stages">${stages.map(wall)}</g>`;
}
