import { InvalidArgumentError } from "commander";
import { namedStream } from "../../../coordinator/search/rng.ts";
import { shippedSpaces } from "../../../coordinator/search/space/registry.ts";
import { normal } from "../noise.ts";
import type { BenchProblem } from "../problem.ts";
import { additiveLandscape } from "./additive.ts";
import { landscapeProblem } from "./landscape-problem.ts";
import type { Landscape, NormalTable } from "./landscape.ts";
import { macsLandscape } from "./macs.ts";
import { nkLandscape } from "./nk.ts";
import { randomChoices } from "./random-space.ts";

/** A landscape as it is asked for: the same name and seed are always the same function. */
export interface LandscapeChoice {
  readonly name: string;
  readonly seed: number;
}

type Make = (name: string, normals: NormalTable, seed: number) => Landscape;

const additive =
  (nats: number): Make =>
  (name, normals, seed) =>
    additiveLandscape(name, randomChoices(nats, { least: 2, most: 9 }, namedStream(seed, `${name}/choices`)), normals);

const nk =
  (nats: number): Make =>
  (name, normals, seed) =>
    nkLandscape(name, randomChoices(nats, { least: 2, most: 4 }, namedStream(seed, `${name}/choices`)), normals);

const shapedBySpace: Make = (name, normals, seed) => {
  const space = shippedSpaces.get(name)?.make();
  if (space === undefined) throw new RangeError(`There is no space ${name}.`);
  return macsLandscape(space, normals, namedStream(seed, `${name}/macs`));
};

/** Every landscape that `--landscape` names, in the order they are listed. */
const landscapes: Readonly<Record<string, Make>> = {
  "additive-20": additive(20),
  "additive-40": additive(40),
  "additive-60": additive(60),
  "nk-20": nk(20),
  "nk-40": nk(40),
  "fbnetv2-f": shapedBySpace,
  "fbnetv2-f-fine": shapedBySpace,
};

export const landscapeNames: readonly string[] = Object.keys(landscapes);

/** Reads NAME or NAME:SEED. Throws InvalidArgumentError. */
export function parseLandscape(text: string): LandscapeChoice {
  const [name = "", seed = "0", ...more] = text.split(":");
  if (!Object.hasOwn(landscapes, name) || !/^\d{1,15}$/.test(seed) || more.length > 0)
    throw new InvalidArgumentError(`It must be one of ${landscapeNames.join(", ")}, or such as nk-40:7.`);
  return { name, seed: Number(seed) };
}

/** Makes the problem of a landscape; it is called as it is asked for. Throws RangeError where there is no such landscape. */
export function landscapeFor({ name, seed }: LandscapeChoice): BenchProblem {
  const make = landscapes[name];
  if (make === undefined) throw new RangeError(`There is no landscape ${name}.`);
  const normals: NormalTable = (table, size) => {
    const rng = namedStream(seed, `${name}/${table}`);
    return Array.from({ length: size }, () => normal(rng));
  };
  const label = seed === 0 ? name : `${name}:${String(seed)}`;
  return landscapeProblem(label, make(name, normals, seed), namedStream(seed, `${name}/scale`));
}
