import type { z } from "zod";
import { specFields } from "./schema.ts";
import { readField } from "./json-schema.ts";
import type { SpecMistake } from "./types.ts";

type Stage = z.output<typeof specFields.stages>[number];

/** Rules across fields. Each looks only at fields that are valid by themselves, so that all mistakes are told at once. */
export function checkRules(value: unknown): readonly SpecMistake[] {
  return [checkEvaluator, checkSpace, checkCost, checkStages, checkReuse, checkFinal].flatMap((rule) => rule(value));
}

/** A top-level field with its defaults, or undefined where it is invalid or absent. */
function field<K extends keyof typeof specFields>(
  value: unknown,
  key: K,
): z.output<(typeof specFields)[K]> | undefined {
  const result = specFields[key].safeParse(readField(value, key));
  return result.success ? (result.data as z.output<(typeof specFields)[K]>) : undefined;
}

function checkEvaluator(value: unknown): readonly SpecMistake[] {
  const evaluator = field(value, "evaluator");
  if (evaluator === undefined) return [];
  const given = [evaluator.train, evaluator.tabular].filter((kind) => kind !== undefined).length;
  return given === 1
    ? []
    : [
        {
          path: "evaluator",
          message: `must hold exactly one of train and tabular, not ${given === 0 ? "none" : "both"}.`,
        },
      ];
}

function checkSpace(value: unknown): readonly SpecMistake[] {
  const evaluator = readField(value, "evaluator");
  const isTabular = readField(evaluator, "tabular") !== undefined;
  const isTrain = readField(evaluator, "train") !== undefined;
  const hasSpace = readField(value, "space") !== undefined;
  if (isTabular && !isTrain && hasSpace) {
    return [{ path: "space", message: "must be left out with evaluator.tabular: the table's choices are the space." }];
  }
  if (isTrain && !isTabular && !hasSpace) {
    return [
      {
        path: "space",
        message: "is missing; evaluator.train needs a shipped space (see `fpnas spaces`) or {file: FILE}.",
      },
    ];
  }
  return [];
}

function checkCost(value: unknown): readonly SpecMistake[] {
  const cost = field(value, "cost");
  if (cost === undefined || cost.macs !== undefined || cost.params !== undefined) return [];
  return [{ path: "cost", message: "must hold a target: macs, params or both." }];
}

function checkStages(value: unknown): readonly SpecMistake[] {
  const stages = field(value, "stages") ?? [];
  return [...checkOrder(stages), ...stages.flatMap(checkRounds)];
}

function checkRounds({ updateAfter, inFlight }: Stage, index: number): readonly SpecMistake[] {
  if (inFlight === undefined || (updateAfter !== undefined && inFlight >= updateAfter)) return [];
  const message =
    updateAfter === undefined
      ? "must be left out without updateAfter: a synchronous round has all its draws under way."
      : `must be at least updateAfter, ${String(updateAfter)}: with fewer networks under way every round would wait for all of them.`;
  return [{ path: `stages[${String(index)}].inFlight`, message }];
}

function checkOrder(stages: readonly Stage[]): readonly SpecMistake[] {
  return stages.flatMap((stage, index) => {
    const path = `stages[${String(index)}]`;
    const isLast = index === stages.length - 1;
    const isTaken = stages.findIndex((other) => other.name === stage.name) < index;
    return [
      ...(isTaken
        ? [{ path: `${path}.name`, message: `must be unique; an earlier stage is named ${stage.name} too.` }]
        : []),
      ...(stage.name === "final"
        ? [{ path: `${path}.name`, message: "must not be final: progress names the final training so." }]
        : []),
      ...(stage.slots === "factorized" && stages.slice(0, index).some(({ slots }) => slots === "block")
        ? [
            {
              path: `${path}.slots`,
              message: "must be block: joint slots of an earlier stage are not taken apart again.",
            },
          ]
        : []),
      ...(!isLast && Object.keys(stage.until).length === 0
        ? [
            {
              path: `${path}.until`,
              message: "is missing; every stage but the last needs entropyBelow, rounds or trials.",
            },
          ]
        : []),
    ];
  });
}

function checkReuse(value: unknown): readonly SpecMistake[] {
  const ids = field(value, "reuse") ?? [];
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index
      ? [{ path: `reuse[${String(index)}]`, message: `must be unique; ${id} stands there twice.` }]
      : [],
  );
}

function checkFinal(value: unknown): readonly SpecMistake[] {
  const evaluator = readField(value, "evaluator");
  const isTabular = readField(evaluator, "tabular") !== undefined && readField(evaluator, "train") === undefined;
  if (!isTabular || readField(value, "final") === undefined) return [];
  return [
    { path: "final", message: "must be left out with evaluator.tabular: the rows of a table cannot be trained." },
  ];
}
