import { expect, test } from "@jest/globals";
import { formatBar, formatCount, formatDuration, formatShare, formatSparkline, formatTable } from "../../cli/format.ts";

test.each([
  [0, "0"],
  [950, "950"],
  [999, "999"],
  [1000, "1.00k"],
  [12_345, "12.3k"],
  [999_999, "1.00M"],
  [1_500_000, "1.50M"],
  [7.2e10, "72.0G"],
  [4.2e21, "4.2e+21"],
  [null, "-"],
  [undefined, "-"],
])("the count %p is shown as %s", (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test("shares are percentages with two decimals", () => {
  expect([formatShare(0.86754), formatShare(1), formatShare(undefined)]).toEqual(["86.75%", "100.00%", "-"]);
});

test("a table aligns words to the left and figures to the right", () => {
  const rows = [
    ["name", "count", "until"],
    ["a", "5", "the end"],
    ["long", "1,000", "now"],
  ];
  expect(formatTable(rows)).toBe("name  count  until\na         5  the end\nlong  1,000  now");
});

test("a bar is filled by its share, and never beyond its ends", () => {
  expect([-1, 0, 0.5, 1, 2].map((share) => formatBar(share, 4))).toEqual(["░░░░", "░░░░", "██░░", "████", "████"]);
});

test("a sparkline shows the last values between 0 and the top", () => {
  expect(formatSparkline([9, 8, 4, 0], 8, 3)).toBe("█▄▁");
  expect(formatSparkline([1, 2], 0, 5)).toBe("▁▁");
});

test.each([
  [-5, "0s"],
  [400, "0s"],
  [998, "1s"],
  [150_400, "2m 30s"],
  [3_900_000, "1h 5m"],
])("%d ms are shown as %s", (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});
