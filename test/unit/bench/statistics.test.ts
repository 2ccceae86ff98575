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

test("the interval of tau holds the value, is that of a fixed seed, and is narrow where there are many pairs that agree", () => {
  const values = Array.from({ length: 60 }, (_, place) => place);
  const noisy = values.map((value) => value + 20 * Math.sin(7 * value));
  const interval = tauInterval(values, noisy);
  expect(interval).toEqual(tauInterval(values, noisy));
  expect(interval.low).toBeLessThan(interval.value);
  expect(interval.high).toBeGreaterThan(interval.value);
  expect(interval.high - interval.low).toBeLessThan(0.4);
  expect(tauInterval(values, values).low).toBe(1);
});
