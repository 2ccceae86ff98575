import prettyMilliseconds from "pretty-ms";
import type { ExchangeResult } from "../../../spec/result.ts";
import type { ReportContext } from "./context.ts";
import { formatCombinations, formatInteger, formatPercent } from "./format.ts";
import { html, type Html, type HtmlValue } from "./html.ts";
import { budgetWords, costTargetWords, evaluatorWords, expectedCostWords, resultSentence } from "./summary.ts";

/** What was searched, how, and what came of it. */
export function header(context: ReportContext): Html {
  const { input } = context;
  return html`<header>
    <p class="kicker">Architecture search · ${input.result.job}</p>
    <h1>${input.title}</h1>
    <p class="lead">${resultSentence(context)}</p>
    ${notes(input.notes)}
    <dl class="facts">
      ${facts(context).map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
  </header>`;
}

function exchangeWords({ bytesPerSample, waitSeconds, computeSeconds, putSeconds }: ExchangeResult): string {
  const seconds = [waitSeconds, computeSeconds, putSeconds].map((each) => formatInteger(Math.round(each)));
  const [wait = "", compute = "", put = ""] = seconds;
  return `${(bytesPerSample / 1e6).toFixed(2)} MB moved a sample; workers waited ${wait} s for weights and data, computed ${compute} s and sent updates for ${put} s`;
}

function notes(sentences: readonly string[]): Html | null {
  if (sentences.length === 0) return null;
  return html`<aside class="notes" aria-label="Notes">
    <ul>
      ${sentences.map((note) => html`<li>${note}</li>`)}
    </ul>
  </aside>`;
}

function facts({ input, spec, failed }: ReportContext): readonly (readonly [string, HtmlValue])[] {
  const { result, choices } = input;
  const target = costTargetWords(spec);
  const expected = expectedCostWords(result);
  const size =
    choices.length === 0
      ? ""
      : `: ${formatCombinations(choices.map(({ arms }) => arms.length))} combinations of ${formatInteger(choices.length)} choices`;
  return [
    ["Space", `${result.space}${size}`],
    ["Evaluation", evaluatorWords(spec)],
    ["Algorithm", result.algorithm],
    ...(target === "" ? [] : ([["Cost target", target]] as const)),
    ...(expected === "" ? [] : ([["Mean of the final distribution", expected]] as const)),
    ["Budget", budgetWords(spec)],
    ["Seed", String(result.seed)],
    [
      "Effort",
      `${formatInteger(result.draws)} draws in ${formatInteger(result.rounds)} rounds, ${formatInteger(result.trials)} trials${failed.length === 0 ? "" : ` (${formatInteger(failed.length)} without a measurement)`}${result.uniqueNetworks === null ? "" : `, ${formatInteger(result.uniqueNetworks)} networks`}${result.reused > 0 ? ` (${formatInteger(result.reused)} reused from earlier jobs)` : ""}`,
    ],
    [
      "Time",
      `${prettyMilliseconds(result.wallSeconds * 1000, { secondsDecimalDigits: 0 })}, workers busy ${formatPercent(result.workerBusyFraction, 0)}`,
    ],
    ...(input.modelFolder === null
      ? []
      : [["Trained network", `in ${input.modelFolder}/ beside this report, with its model card`] as const]),
    ...(result.exchange === undefined ? [] : ([["Shared weights", exchangeWords(result.exchange)]] as const)),
  ];
}
