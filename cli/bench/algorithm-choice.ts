import { InvalidArgumentError } from "commander";
import { algorithms } from "../../coordinator/search/algorithm/registry.ts";
import type { SearchSpec } from "../../coordinator/search/types.ts";

/** An algorithm with settings, as it is named on the command line and in reports. */
export interface AlgorithmChoice {
  /** As given, such as "parsec:k=8". */
  readonly label: string;
  readonly spec: SearchSpec["algorithm"];
}

/** Every algorithm of the registry with its defaults. */
export const allAlgorithms: readonly AlgorithmChoice[] = algorithms.map(({ name }) => ({
  label: name,
  spec: { name, settings: {} },
}));

/**
 * Reads "fp-nas,parsec:k=8,fp-nas:weights=published:k0=16": algorithms between commas, settings after colons. What looks like a number is
 * one. Names and values are checked where the search is made. Throws InvalidArgumentError.
 */
export function parseAlgorithms(text: string): readonly AlgorithmChoice[] {
  const choices = text.split(",").map(parseChoice);
  const repeated = choices.find(({ label }, place) => choices.findIndex((other) => other.label === label) < place);
  if (repeated !== undefined) throw new InvalidArgumentError(`It names ${repeated.label} twice.`);
  return choices;
}

function parseChoice(label: string): AlgorithmChoice {
  const [name = "", ...settings] = label.split(":");
  const entries = settings.map((setting) => {
    const match = /^([A-Za-z]\w*)=(.+)$/.exec(setting);
    if (name === "" || match === null)
      throw new InvalidArgumentError("It must be NAME,.. or NAME:SETTING=VALUE,.. such as fp-nas,parsec:k=8.");
    return [match[1] ?? "", settingValue(match[2] ?? "")] as const;
  });
  if (name === "") throw new InvalidArgumentError("It must name an algorithm between two commas.");
  return { label, spec: { name, settings: Object.fromEntries(entries) } };
}

function settingValue(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}
