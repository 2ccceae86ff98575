import { expect, test } from "@jest/globals";
import { normal } from "../../../cli/bench/noise.ts";
import { namedStream, uniformIndex } from "../../../coordinator/search/rng.ts";
import { fitLandscape } from "../../bench/supernet/landscape.ts";
import { tauB } from "../../bench/supernet/statistics.ts";
import { supernetSpace } from "../../support/search-supernet.ts";

const { choices } = supernetSpace;
const rng = namedStream(3, "fitted-landscape");
const worth = choices.map(({ arms }) => arms.map(() => 0.1 * normal(rng)));
/** A term for each arm, and one for two choices of a block that agree. */
const truth = (arms: readonly number[]) =>
  arms.reduce((sum, arm, choice) => sum + worth[choice]![arm]!, 0) + (arms[0] === arms[1] ? 0.2 : 0);
const randomArms = () => choices.map(({ arms }) => uniformIndex(rng, arms.length));

test("a landscape that is fitted to draws scores other networks as what made the draws, whatever the level of each round", () => {
  const draws = Array.from({ length: 1200 }, (_, index) => {
    const round = 1 + Math.floor(index / 4);
    const arms = randomArms();
    return { arms, round, loss: 2 - round / 500 - truth(arms) + 0.1 * normal(rng) };
  });
  const landscape = fitLandscape(supernetSpace, draws);
  const others = Array.from({ length: 200 }, randomArms);
  expect(tauB(others.map(truth), others.map(landscape.score))).toBeGreaterThan(0.8);
  expect(landscape.noise).toBeGreaterThan(0.08);
  expect(landscape.noise).toBeLessThan(0.13);
  expect(landscape.explained).toBeGreaterThan(0.8);
});
