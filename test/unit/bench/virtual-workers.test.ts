import { expect, test } from "@jest/globals";
import { VirtualWorkers } from "../../../cli/bench/virtual-workers.ts";

interface Numbered {
  readonly trial: number;
}

function trials(first: number, count: number): Numbered[] {
  return Array.from({ length: count }, (_, index) => ({ trial: first + index }));
}

function ends(workers: VirtualWorkers<Numbered>): number[] {
  const order: number[] = [];
  for (let trial = workers.next(); trial !== undefined; trial = workers.next()) order.push(trial.trial);
  return order;
}

test("one worker ends trials in the order they were made and is never idle", () => {
  const workers = new VirtualWorkers<Numbered>(1, 0);
  workers.add(trials(1, 5));
  expect(ends(workers)).toEqual([1, 2, 3, 4, 5]);
  expect(workers.busyFraction()).toBe(1);
});

test("several workers end trials out of order, each once, and the same seed ends them alike", () => {
  const order = (seed: number) => {
    const workers = new VirtualWorkers<Numbered>(4, seed);
    workers.add(trials(1, 40));
    return ends(workers);
  };
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
  expect(order(1)).not.toEqual(numbers);
  expect(order(1).toSorted((left, right) => left - right)).toEqual(numbers);
  expect(order(1)).toEqual(order(1));
  expect(order(2)).not.toEqual(order(1));
});

test("workers with enough trials are busy; those that wait for the slowest of few are not", () => {
  const full = new VirtualWorkers<Numbered>(4, 3);
  full.add(trials(1, 400));
  ends(full);
  expect(full.busyFraction()).toBe(1);

  const rounds = new VirtualWorkers<Numbered>(4, 3);
  for (let round = 0; round < 200; round++) {
    rounds.add(trials(2 * round + 1, 2));
    ends(rounds);
  }
  // Two of four have work, for a mean of 2 out of the mean longer of two (7/3).
  expect(rounds.busyFraction()).toBeCloseTo(((2 / 4) * 2) / (7 / 3), 1);
});

test("there is no share of a time that did not pass", () => {
  const workers = new VirtualWorkers<Numbered>(4, 0);
  workers.add(trials(1, 4));
  ends(workers);
  expect(workers.busyFraction()).toBeNull();
});

test("a cancelled trial never ends, and its worker takes the next at once", () => {
  const workers = new VirtualWorkers<Numbered>(1, 0);
  workers.add(trials(1, 4));
  workers.cancel([1, 3]);
  expect(ends(workers)).toEqual([2, 4]);
  expect(workers.next()).toBeUndefined();
});
