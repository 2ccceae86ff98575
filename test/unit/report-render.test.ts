import { describe, expect, test } from "@jest/globals";
import type { ReportInput } from "../../coordinator/export/report-input.ts";
import { renderReport } from "../../coordinator/export/report.ts";
import { reportSample } from "../support/report-sample.ts";

const sample = reportSample({ trials: 60, rounds: 8, blocks: 3 });

function embedded(page: string): { trials: { columns: string[]; rows: unknown[][] }; result: unknown } {
  const [, json = ""] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page) ?? [];
  return JSON.parse(json) as ReturnType<typeof embedded>;
}

describe("renderReport", () => {
  test("says what was searched, how, and what came of it", () => {
    const page = renderReport(sample);
    for (const text of [
      "<title>fashion-small</title>",
      "combinations of 12 choices",
      "trained on fashion-mnist for 30 steps of 64 examples",
      "60 trials, 240 s",
      "classifies 87.31% of the test examples right after 600 training steps",
      "a random network 85.12% and the largest network 87.94%",
      sample.notes[0]!.replaceAll("'", "&#39;"),
      "in export/ beside this report",
    ]) {
      expect(page).toContain(text);
    }
    expect(renderReport({ ...sample, modelFolder: null })).not.toContain("beside this report");
  });

  test("asks for nothing from outside", () => {
    const page = renderReport(sample);
    expect(page).not.toMatch(/<(link|img|iframe|object|embed|base)\b/);
    expect(page).not.toMatch(/\b(src|href|action|xlink:href)\s*=\s*["']/);
    expect(page).not.toMatch(/@import|url\(/);
    expect(page).toContain("default-src &#39;none&#39;;");
  });

  test("embeds every trial, and the result as it is", () => {
    const { trials, result } = embedded(renderReport(sample));
    expect(result).toEqual(JSON.parse(JSON.stringify(sample.result)));
    expect(trials.rows.map((row) => row[trials.columns.indexOf("trial")])).toEqual(
      sample.trials.map(({ trial }) => trial),
    );
    expect(trials.rows.map((row) => row[trials.columns.indexOf("measurement")])).toEqual(
      sample.trials.map(({ measurement }) => measurement),
    );
  });

  test("escapes every string that came from a user", () => {
    const evil = `</script></style></title><script>alert(1)</script>"'><svg onload=alert(1)>`;
    const rename = (text: string): string => `${text}${evil}`;
    const spec = JSON.parse(sample.specJson) as { name: string; evaluator: { dataset: string } };
    const input: ReportInput = {
      ...sample,
      title: evil,
      notes: [evil],
      specJson: JSON.stringify({ ...spec, name: evil, evaluator: { ...spec.evaluator, dataset: evil } }),
      choices: sample.choices.map(({ name, arms }) => ({ name: rename(name), arms: arms.map(rename), block: evil })),
      trials: sample.trials.map((trial) => ({
        ...trial,
        failureReason: trial.failureReason && evil,
        state: evil,
        role: trial.trial === 1 ? evil : trial.role,
      })),
      rounds: sample.rounds.map((round) => ({ ...round, stage: evil })),
      result: {
        ...sample.result,
        job: evil,
        algorithm: evil,
        space: evil,
        stages: sample.result.stages.map((stage) => ({ ...stage, name: evil })),
        distribution: sample.result.distribution.map((slot) => ({ ...slot, choices: slot.choices.map(rename) })),
        comparisons: [{ role: "random", arms: [0], macs: null, params: null, failure: evil }],
      },
    };
    const page = renderReport(input);
    expect(page).not.toContain("<script>alert");
    expect(page).not.toContain("<svg onload");
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
  });

  test("counts failed trials by reason and names each in the table", () => {
    const failed = sample.trials.filter(({ failureReason }) => failureReason !== null).length;
    const page = renderReport(sample);
    expect(page).toContain(`${failed} trials without a measurement (${failed} nan loss)`);
    expect(page.match(/failed: nan loss/g)).toHaveLength(failed);
  });

  test.each(["trials", "rounds", "notes", "choices"] as const)("stands without any %s", (part) => {
    expect(renderReport({ ...sample, [part]: [] })).toContain("</html>");
  });

  test("stands with nothing but a result", () => {
    const page = renderReport({ ...sample, trials: [], rounds: [], notes: [], choices: [] });
    expect(page).toContain("No trial was measured.");
    expect(page).toContain("No round was closed");
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  test("one trial in one round gives whole drawings", () => {
    const page = renderReport(reportSample({ trials: 1, rounds: 1, blocks: 1 }));
    expect(page).toContain("1 measured network, a dot");
    expect(page).not.toMatch(/NaN|Infinity|undefined/);
  });

  test("a search whose trials all failed says so", () => {
    const trials = sample.trials.map((trial) => ({
      ...trial,
      state: "failed",
      measurement: null,
      failureReason: trial.trial % 2 === 0 ? "out_of_memory" : "infeasible",
    }));
    const page = renderReport({ ...sample, trials });
    expect(page).toContain("60 trials without a measurement (30 infeasible and 30 out of memory)");
    expect(page).not.toMatch(/NaN|Infinity/);
  });

  test("without known MACs the trials stand over their number and no front is drawn", () => {
    const result = { ...sample.result, macs: null, params: null };
    const trials = sample.trials.map((trial) => ({ ...trial, macs: null, params: null }));
    const page = renderReport({ ...sample, trials, result });
    expect(page).toContain("Accuracy over trial number");
    expect(page).not.toContain('class="front"');
  });

  test("a row of a table is listed choice by choice", () => {
    const network = { tableRow: { tableSha256: "0".repeat(64), arms: [...sample.result.arms] } };
    const page = renderReport({ ...sample, result: { ...sample.result, network } });
    expect(page).toContain("a row of the table of known results");
    expect(page).toContain('<th scope="row">block2.expansion</th>');
    expect(page).not.toContain("architecture-plot");
  });

  test("without a final training the sentence is about the search", () => {
    const { final, comparisons, ...result } = sample.result;
    expect([final, comparisons]).not.toContain(undefined);
    const page = renderReport({ ...sample, result });
    expect(page).toMatch(/is the best of 60 evaluated: accuracy [\d.]+%, within the cost target\./);
    expect(page).not.toContain("Final training");
  });

  test("several random networks are told by their mean, and failed ones not at all", () => {
    const [random] = sample.result.comparisons!;
    const comparisons = [
      { ...random!, accuracy: 0.8 },
      { ...random!, accuracy: 0.82 },
      { role: "largest", arms: [], macs: null, params: null, failure: "out of memory" } as const,
    ];
    const page = renderReport({ ...sample, result: { ...sample.result, comparisons } });
    expect(page).toContain("trained alike, 2 random networks 81.00% on average.");
    expect(page).toContain("failed: out of memory");
  });

  test("a network of unknown cost keeps no cost target", () => {
    const { final, comparisons, ...result } = sample.result;
    expect([final, comparisons]).not.toContain(undefined);
    const page = renderReport({ ...sample, result: { ...result, macs: null } });
    expect(page).toContain("; no network met the cost target.");
  });

  test("sixty choices and arms of twenty keep their labels", () => {
    const choices = Array.from({ length: 60 }, (_, i) => ({
      name: `choice ${i}`,
      block: String(i),
      arms: Array.from({ length: 2 + (i % 19) }, (_, arm) => `arm ${i}/${arm}`),
    }));
    const marginals = choices.map(({ arms }) => arms.map(() => 1 / arms.length));
    const page = renderReport({
      ...sample,
      choices,
      rounds: sample.rounds.map((round) => ({ ...round, marginals })),
    });
    const missing = choices.flatMap(({ arms }) => arms.filter((arm) => !page.includes(`${arm}</text>`)));
    expect(missing).toEqual([]);
  });

  test("a trial that was quarantined names the workers that its network took down", () => {
    const failureDetail = 'the network took down 3 workers: a, b, "c"';
    const trials = sample.trials.map((trial) => ({
      ...trial,
      state: "failed",
      failureReason: "quarantined",
      failureDetail,
    }));
    const page = renderReport({ ...sample, trials });
    expect(page).toContain('title="the network took down 3 workers: a, b, &quot;c&quot;">failed: quarantined</td>');
  });

  test("ten thousand trials fit into four megabytes and are drawn as a few paths", () => {
    const page = renderReport(reportSample({ trials: 10_000, rounds: 400, blocks: 4 }));
    expect(page.length).toBeLessThan(4_000_000);
    expect(page.match(/<path class="dots/g)!.length).toBeLessThanOrEqual(11);
    expect(page.match(/<circle/g)).toBeNull();
    expect(embedded(page).trials.rows).toHaveLength(10_000);
  });
});
