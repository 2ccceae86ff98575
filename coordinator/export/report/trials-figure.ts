import { sameArms, type ReportContext } from "./context.ts";
import { figure, nothing } from "./figure.ts";
import { formatInteger, joinWords } from "./format.ts";
import { html, type Html } from "./html.ts";
import { binLabel, roundBins, type RoundBin } from "./round-colors.ts";
import { scatter, type MarkedNetwork, type PlacedTrial } from "./scatter.ts";

/** Every measured trial: accuracy over MACs with the Pareto front, or over the trial number where no MACs are known. */
export function trialsFigure(context: ReportContext): Html {
  const isCosted = context.scored.some(({ trial }) => trial.macs !== null);
  const points = context.scored.flatMap(({ trial, accuracy }): readonly PlacedTrial[] => {
    const at = isCosted ? trial.macs : trial.trial;
    return at === null ? [] : [{ cost: at, accuracy, round: trial.round }];
  });
  if (points.length === 0) return nothing(`No trial was measured. ${omitted(context, 0)}`);
  const bins = roundBins(points.map(({ round }) => round));
  const front = " The line is the Pareto front: nothing measured is both cheaper and better than a network on it.";
  const networks = points.length === 1 ? "network, a dot" : "networks, each a dot";
  const what = `${formatInteger(points.length)} measured ${networks}, coloured by the round that drew it.${isCosted ? front : ""}`;
  const drawings = (["wide", "narrow"] as const).map((shape) =>
    scatter({
      shape,
      isCosted,
      points,
      bins,
      marked: markedNetworks(context, isCosted),
      target: isCosted ? context.spec.search.cost?.macs : undefined,
      description: what,
    }),
  );
  return figure(
    "trials",
    isCosted ? "Accuracy over cost." : "Accuracy over trials.",
    `${what} ${omitted(context, context.scored.length - points.length)}`,
    html`${legend(bins)}${drawings}`,
  );
}

function markedNetworks({ input, scored }: ReportContext, isCosted: boolean): readonly MarkedNetwork[] {
  const { result } = input;
  const named = [
    { name: "answer", network: result },
    { name: "mode", network: result.mode },
    { name: "best observed", network: result.bestObserved },
  ] as const;
  return named.flatMap(({ name, network }) => {
    const accuracy = network.measurement?.accuracy;
    const trial = scored.find((one) => sameArms(one.trial.arms, network.arms))?.trial.trial ?? null;
    const cost = isCosted ? network.macs : trial;
    return cost === null || accuracy === undefined || !Number.isFinite(accuracy) ? [] : [{ name, cost, accuracy }];
  });
}

function legend(bins: readonly RoundBin[]): Html {
  return html`<ul class="legend">
    ${bins.map((bin) => html`<li><i class="${bin.color}"></i>${binLabel(bin)}</li>`)}
  </ul>`;
}

/** What the reader does not see, counted. */
function omitted({ failed, input }: ReportContext, withoutCost: number): string {
  const reasons = new Map<string, number>();
  for (const { failureReason, state } of failed) {
    const reason = (failureReason ?? state).replaceAll("_", " ");
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const parts = [...reasons].map(([reason, count]) => `${formatInteger(count)} ${reason}`);
  const trials = failed.length === 1 ? "trial" : "trials";
  const sentences = [
    failed.length > 0 &&
      `Not shown: ${formatInteger(failed.length)} ${trials} without a measurement (${joinWords(parts)}).`,
    withoutCost > 0 && `${formatInteger(withoutCost)} more, of unknown cost, are in the table of trials.`,
    input.result.mode.measurement === undefined && "The mode of the distribution was never evaluated itself.",
  ];
  return sentences.filter((sentence) => sentence !== false).join(" ");
}
