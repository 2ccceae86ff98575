import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { renderReport } from "../../coordinator/export/report.ts";
import { launchChromium } from "../support/chromium.ts";
import { reportSample } from "../support/report-sample.ts";

const evil = `"><img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`;
const sample = reportSample({ trials: 80, rounds: 10, blocks: 3 });
const input = {
  ...sample,
  choices: sample.choices.map((choice, i) =>
    i === 0 ? { ...choice, arms: choice.arms.map((label) => `${label}${evil}`) } : choice,
  ),
};

let browser: Browser;
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fpnas-report-"));
  file = join(folder, "report.html");
  await writeFile(file, renderReport(input));
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  /** What the page complained of. */
  readonly complaints: string[];
  readonly requests: string[];
}

async function open(width: number, colorScheme: "light" | "dark" = "light"): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, acceptDownloads: true });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, complaints, requests };
}

const column = (page: Page, index: number): Promise<string[]> =>
  page.locator(`#trials tbody td:nth-child(${index})`).allTextContents();

describe("report.html in a browser", () => {
  test("opens without an error, a request or a foreign script, and shows every section", async () => {
    const { page, complaints, requests } = await open(1280);
    expect(requests).toEqual([pathToFileURL(file).href]);
    expect(await page.title()).toBe("fashion-small");
    expect(await page.locator("h2").allTextContents()).toEqual([
      "The network found",
      "How the search went",
      "What the distribution learned",
      "The record",
    ]);
    for (const id of ["architecture-plot", "trials-plot-wide", "entropy-plot", "draws-plot", "best-plot"]) {
      expect(await page.locator(`#${id}`).isVisible()).toBe(true);
    }
    expect(await page.locator(".multiples svg").count()).toBe(input.choices.length);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("every drawing has a name and every table a caption", async () => {
    const { page } = await open(1280);
    const drawings = await page.locator("svg").count();
    expect(await page.locator("svg[role=img] > title:first-child + desc").count()).toBe(drawings);
    expect(await page.locator("table > caption").count()).toBe(await page.locator("table").count());
    const ids = await page.evaluate<string[]>("[...document.querySelectorAll('[id]')].map(({ id }) => id)");
    expect(new Set(ids).size).toBe(ids.length);
    await page.close();
  });

  test("sorts all trials by a column, one way and then the other, with unmeasured ones last", async () => {
    const { page } = await open(1280);
    const accuracies = sample.trials.flatMap(({ measurement }) => (measurement ? [measurement.accuracy] : []));
    const expected = accuracies.sort((a, b) => b - a).map((accuracy) => `${(accuracy * 100).toFixed(2)}%`);
    const unmeasured = Array.from({ length: sample.trials.length - expected.length }, () => "–");
    const head = page.locator("#trials th[data-key=accuracy]");
    await head.getByRole("button").click();
    expect(await head.getAttribute("aria-sort")).toBe("descending");
    expect(await column(page, 5)).toEqual([...expected, ...unmeasured]);
    await head.getByRole("button").press("Enter");
    expect(await head.getAttribute("aria-sort")).toBe("ascending");
    expect(await column(page, 5)).toEqual([...expected.toReversed(), ...unmeasured]);
    await page.getByRole("button", { name: "Trial", exact: true }).click();
    expect(await column(page, 1)).toEqual(sample.trials.map(({ trial }) => String(trial)));
    expect(await head.getAttribute("aria-sort")).toBeNull();
    await page.close();
  });

  test("tells a dot's trial and arms under the pointer, as text", async () => {
    const { page } = await open(1280);
    const star = page.locator("#trials-plot-wide .mark.answer");
    await star.hover();
    const tip = page.locator("#tip");
    expect(await tip.isVisible()).toBe(true);
    const text = (await tip.textContent())!;
    expect(text).toMatch(/^Trial \d+, round \d+\naccuracy /);
    expect(text).toContain(`block1.kernel: ${input.choices[0]!.arms[sample.result.arms[0]!]!}`);
    await page.mouse.move(2, 2);
    expect(await tip.isVisible()).toBe(false);
    expect(await page.title()).toBe("fashion-small");
    await page.close();
  });

  test("offers its data as a file", async () => {
    const { page } = await open(1280);
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
    const data = JSON.parse(await readFile(await download.path(), "utf8")) as { trials: { rows: unknown[] } };
    expect(data.trials.rows).toHaveLength(sample.trials.length);
    await page.close();
  });

  test.each([320, 390, 768])("a window of %p pixels needs no sideways scrolling of the page", async (width) => {
    const { page, complaints } = await open(width);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
    expect(await page.locator("#trials-plot-narrow").isVisible()).toBe(width < 600);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each(["light", "dark"] as const)("text stands out from its ground by 4.5 to 1 when it is %s", async (scheme) => {
    const { page } = await open(1280, scheme);
    const names = ["--ink", "--soft", "--accent", "--paper"];
    const colors = await page.evaluate(
      `${JSON.stringify(names)}.map((name) => getComputedStyle(document.documentElement).getPropertyValue(name))`,
    );
    const [ink, soft, accent, paper] = (colors as string[]).map(luminance);
    for (const color of [ink!, soft!, accent!]) {
      const [low, high] = [color, paper!].sort((a, b) => a - b);
      expect((high! + 0.05) / (low! + 0.05)).toBeGreaterThan(4.5);
    }
    await page.close();
  });
});

/** Relative luminance of "#rrggbb" (WCAG 2.2). */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.trim().slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
