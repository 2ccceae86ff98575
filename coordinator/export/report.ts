import { createHash } from "node:crypto";
import type { ReportInput } from "./report-input.ts";
import { architectureFigure } from "./report/architecture-figure.ts";
import { comparisonTable } from "./report/comparison-table.ts";
import { createContext } from "./report/context.ts";
import { distributionTable } from "./report/distribution-table.ts";
import { header } from "./report/header.ts";
import { html, scriptJson, trusted } from "./report/html.ts";
import { marginalsFigure } from "./report/marginals-figure.ts";
import { paretoTable } from "./report/pareto-table.ts";
import { progressFigure } from "./report/progress-figure.ts";
import { pageScript } from "./report/script.ts";
import { stagesTable } from "./report/stages-table.ts";
import { styleSheet } from "./report/style.ts";
import { trialsFigure } from "./report/trials-figure.ts";
import { embeddedData, trialsTable } from "./report/trials-table.ts";

/** Only this script may run and nothing may be fetched, whatever a spec's names hold. */
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${createHash("sha256").update(pageScript).digest("base64")}'`;

/**
 * The report of a finished job: one HTML document that asks for nothing else, with its data inside.
 * @throws NetworkError where the answer's network cannot be read.
 */
export function renderReport(input: ReportInput): string {
  const context = createContext(input);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${input.title}</title>
        ${trusted(`<style>${styleSheet}</style>`)}
      </head>
      <body>
        ${header(context)}
        <main>
          <section id="result">
            <h2>The network found</h2>
            ${comparisonTable(context)}${architectureFigure(context)}
          </section>
          <section id="search">
            <h2>How the search went</h2>
            ${trialsFigure(context)}${paretoTable(context)}${progressFigure(context)}
          </section>
          <section id="distribution">
            <h2>What the distribution learned</h2>
            ${marginalsFigure(context)}${distributionTable(context)}${stagesTable(context)}
          </section>
          <section id="record">
            <h2>The record</h2>
            ${trialsTable(context)}
            <details>
              <summary>The spec as accepted, every default filled in</summary>
              <pre>${JSON.stringify(context.spec, null, 2)}</pre>
            </details>
            <button id="download" type="button" hidden>Download the data of this report (JSON)</button>
          </section>
        </main>
        <script type="application/json" id="data">
          ${scriptJson(embeddedData(input))}
        </script>
        ${trusted(`<script>${pageScript}</script>`)}
      </body>
    </html> `.text;
}
