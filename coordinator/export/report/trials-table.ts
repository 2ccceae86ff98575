import type { ReportInput, ReportTrial } from "../report-input.ts";
import type { ReportContext } from "./context.ts";
import { formatCount, formatInteger, formatPercent } from "./format.ts";
import { html, type Html } from "./html.ts";

/** More rows than this are laid out late. */
const manyRows = 500;

const roleNames: Readonly<Record<string, string>> = {
  search: "search",
  finalist: "finalist",
  finalAnswer: "final: found",
  finalRandom: "final: random",
  finalLargest: "final: largest",
};

/** Every trial; the page's script sorts the rows by the embedded data, whose order they have here. */
export function trialsTable({ input }: ReportContext): Html {
  const heads = [
    ["trial", "Trial", "n"],
    ["role", "Role", ""],
    ["round", "Round", "n"],
    ["state", "State", ""],
    ["accuracy", "Accuracy", "n"],
    ["macs", "MACs", "n"],
    ["params", "Params", "n"],
  ] as const;
  return html`<div
    class="scroll tall ${input.trials.length > manyRows ? "many" : ""}"
    tabindex="0"
    role="region"
    aria-label="All trials"
  >
    <table id="trials">
      <caption>
        All ${formatInteger(input.trials.length)} trials (press a heading to sort; arms as indices in the order of the
        choices, point at a row to see their names, and at a failure to see why)
      </caption>
      <thead>
        <tr>
          ${heads.map(([key, name, kind]) => html`<th scope="col" class="${kind}" data-key="${key}">${name}</th>`)}
          <th scope="col">Arms</th>
        </tr>
      </thead>
      <tbody>
        ${input.trials.map(row)}
      </tbody>
    </table>
  </div>`;
}

function row(trial: ReportTrial): Html {
  const accuracy = trial.measurement?.accuracy ?? null;
  const reason = trial.failureReason === null ? "" : `: ${trial.failureReason.replaceAll("_", " ")}`;
  const reused = trial.reusedFrom === null ? "" : `: reused from ${trial.reusedFrom}`;
  const detail = trial.failureDetail === null ? "" : html` title="${trial.failureDetail}"`;
  return html`<tr>
    <td>${trial.trial}</td>
    <td>${roleNames[trial.role] ?? trial.role}</td>
    <td>${trial.round === 0 ? "" : trial.round}</td>
    <td${detail}>${trial.state}${reason === `: ${trial.state}` ? "" : reason}${reused}</td>
    <td>${formatPercent(accuracy)}</td>
    <td>${formatCount(trial.macs)}</td>
    <td>${formatCount(trial.params)}</td>
    <td>${trial.arms.join(" ")}</td>
  </tr>`;
}

/** What the page's script works with, and what a reader downloads: trials by column, to keep ten thousand of them small. */
export function embeddedData(input: ReportInput): Readonly<Record<string, unknown>> {
  return {
    title: input.title,
    notes: input.notes,
    result: input.result,
    spec: JSON.parse(input.specJson) as unknown,
    choices: input.choices,
    rounds: input.rounds.map((round) => ({
      ...round,
      marginals: round.marginals.map((arms) => arms.map((p) => Number(p.toPrecision(4)))),
    })),
    trials: {
      columns: [
        "trial",
        "role",
        "round",
        "state",
        "failureReason",
        "reusedFrom",
        "measurement",
        "macs",
        "params",
        "arms",
      ],
      rows: input.trials.map((trial) => [
        trial.trial,
        trial.role,
        trial.round,
        trial.state,
        trial.failureReason,
        trial.reusedFrom,
        trial.measurement,
        trial.macs,
        trial.params,
        trial.arms,
      ]),
    },
  };
}
