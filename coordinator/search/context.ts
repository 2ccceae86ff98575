import type { z } from "zod";
import { InputError, type Mistake } from "../../network/errors.ts";
import type { Cost } from "../../network/types.ts";
import type { Algorithm, AlgorithmEntry, Problem } from "./algorithm/algorithm.ts";
import { algorithms, findAlgorithm } from "./algorithm/registry.ts";
import { largestBlock, maxJointArms } from "./merge-slots.ts";
import { hinge } from "./reward.ts";
import { rememberCosts } from "./space/remember-costs.ts";
import type { Space } from "./space/space.ts";
import type { Supernet } from "./space/supernet.ts";
import type { SearchSpec, StageSpec } from "./types.ts";

/** A search that cannot be run as specified: lists every mistake with its path in the job spec. */
export class SearchSpecError extends InputError {}

/** The immutable problem that every step of a search works on. */
export interface SearchContext {
  readonly spec: SearchSpec;
  readonly space: Space;
  readonly algorithm: Algorithm;
  /** How the networks share weights; null where every trial has weights of its own. */
  readonly supernet: Supernet | null;
  /** What the Pareto front is drawn over: MACs, or params where the space knows only these; null where it knows neither. */
  readonly costFigure: keyof Cost | null;
}

/** Makes the algorithm of a spec, and checks what only the search can: settings, stages against the space, known costs. Throws SearchSpecError. */
export function searchContext(spec: SearchSpec, plain: Space): SearchContext {
  const space = rememberCosts(plain);
  const mistakes = [...stageMistakes(spec.stages, space), ...costMistakes(spec, space)];
  const entry = findAlgorithm(spec.algorithm.name);
  if (entry === undefined) {
    const names = algorithms.map(({ name }) => name).join(", ");
    mistakes.unshift({
      path: "algorithm.name",
      message: `There is no algorithm "${spec.algorithm.name}"; there are ${names}.`,
    });
    throw new SearchSpecError(mistakes);
  }
  mistakes.push(...supernetMistakes(spec, space, entry));
  const settings = entry.settings.safeParse(spec.algorithm.settings);
  if (!settings.success) mistakes.unshift(...settings.error.issues.map(settingMistake));
  if (!settings.success) throw new SearchSpecError(mistakes);
  const problem: Problem = {
    choices: space.choices,
    beta: spec.cost?.beta ?? 0,
    hinge: (arms) => (spec.cost === null ? 0 : hinge(space.cost(arms), spec.cost)),
  };
  const algorithm = entry.create(settings.data, problem);
  mistakes.push(...updateMistakes(spec, algorithm));
  if (mistakes.length > 0) throw new SearchSpecError(mistakes);
  const costFigure = space.knows("macs") ? "macs" : space.knows("params") ? "params" : null;
  const supernet = spec.supernet === undefined ? null : (space.supernet?.() ?? null);
  return { spec, space, algorithm, supernet, costFigure };
}

/** What a search over shared weights cannot be, and what only such a search can be. */
function supernetMistakes({ supernet, stages }: SearchSpec, space: Space, entry: AlgorithmEntry): Mistake[] {
  if (supernet === undefined) {
    return stages.flatMap(({ weightsOnly }, index) => {
      const message = "must be left out: the networks share no weights that a stage could train.";
      return weightsOnly === undefined ? [] : [{ path: `stages[${index}].weightsOnly`, message }];
    });
  }
  const able = algorithms.filter((other) => other.supernet !== undefined).map(({ name }) => name);
  return [
    ...(space.supernet === undefined
      ? [{ path: "space", message: `${space.name} has no networks that could share weights.` }]
      : []),
    ...(entry.supernet === undefined
      ? [
          {
            path: "algorithm.name",
            message: `must be ${able.slice(0, -1).join(", ")} or ${able.at(-1) ?? ""} with evaluator.supernet, not ${entry.name}: it holds that a network's accuracy stays what it was.`,
          },
        ]
      : []),
  ];
}

function updateMistakes({ stages, algorithm: { name } }: SearchSpec, { leastDraws }: Algorithm): Mistake[] {
  return stages.flatMap(({ asynchronous }, index) => {
    if (asynchronous === undefined || asynchronous.updateAfter >= leastDraws) return [];
    const message = `Algorithm ${name} learns from ${leastDraws} draws at least: updateAfter must be no less.`;
    return [{ path: `stages[${index}].updateAfter`, message }];
  });
}

function settingMistake({ path, message }: z.core.$ZodIssue): Mistake {
  return { path: ["algorithm", ...path].map(String).join("."), message };
}

function stageMistakes(stages: readonly StageSpec[], space: Space): Mistake[] {
  if (stages.length === 0) return [{ path: "stages", message: "At least one stage is needed." }];
  const mistakes: Mistake[] = [];
  const firstBlock = stages.findIndex(({ slots }) => slots === "block");
  stages.forEach(({ slots }, index) => {
    if (slots === "factorized" && firstBlock >= 0 && index > firstBlock) {
      const message = "A factorized stage cannot follow a block stage: joint slots are not taken apart again.";
      mistakes.push({ path: `stages[${index}].slots`, message });
    }
  });
  const { block, arms } = largestBlock(space.choices);
  if (firstBlock >= 0 && arms > maxJointArms) {
    const message = `Block "${block}" of space ${space.name} has ${arms} joint arms; a block stage takes at most ${maxJointArms}.`;
    mistakes.push({ path: `stages[${firstBlock}].slots`, message });
  }
  return mistakes;
}

function costMistakes({ cost }: SearchSpec, space: Space): Mistake[] {
  const figures = [
    { figure: "macs", word: "MACs" },
    { figure: "params", word: "params" },
  ] as const;
  return figures
    .filter(({ figure }) => cost?.[figure] !== undefined && !space.knows(figure))
    .map(({ figure, word }) => ({
      path: `cost.${figure}`,
      message: `Space ${space.name} knows no ${word}, so a target cannot be kept.`,
    }));
}
