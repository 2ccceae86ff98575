import { expect, test } from "@jest/globals";
import { mean, meanInterval, median, tauB, tauInterval } from "../../bench/supernet/statistics.ts";

test("the mean and the median are those of the values, whatever their order", () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(median([9, 1, 2])).toBe(2);
  expect(median([4, 1, 9, 2])).toBe(3);
});

test("Student's interval of three values is 4.303 standard errors wide to each side", () => {
  const { value, low, high } = meanInterval([1, 2, 3]);
  expect(value).toBe(2);
  expect(high - 2).toBeCloseTo(4.303 / Math.sqrt(3), 10);
  expect(2 - low).toBeCloseTo(4.303 / Math.sqrt(3), 10);
});

test("tau-b is 1 for equal rankings, -1 for reversed ones, and corrects for ties in either", () => {
  expect(tauB([1, 2, 3, 4], [10, 20, 30, 40])).toBe(1);
  expect(tauB([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
  // Of 6 pairs one is tied on the left and one on the right; 4 agree.
  expect(tauB([1, 1, 2, 3], [1, 2, 3, 3])).toBeCloseTo(4 / 5, 12);
});

test("the interval of tau holds the value, and says how little so few pairs tell", () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8];
  const { value, low, high } = tauInterval(values, [2, 1, 3, 4, 6, 5, 8, 7]);
  expect(value).toBeCloseTo(22 / 28, 12);
  expect(low).toBeLessThan(0.6);
  expect(low).toBeGreaterThan(0.2);
  expect(high).toBe(1);
});
