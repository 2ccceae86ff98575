import type { z } from "zod";
import { specFields } from "./schema.ts";
import { readField } from "./json-schema.ts";
import type { SpecMistake } from "./types.ts";

const kinds = ["train", "tabular", "command", "supernet"] as const;

type Stage = z.output<typeof specFields.stages>[number];

/** Rules across fields. Each looks only at fields that are valid by themselves, so that all mistakes are told at once. */
export function checkRules(value: unknown): readonly SpecMistake[] {
  return [checkEvaluator, checkCommand, checkSpace, checkCost, checkStages, checkReuse, checkFinal].flatMap((rule) =>
    rule(value),
  );
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
  const given = kinds.filter((kind) => evaluator[kind] !== undefined);
  if (given.length === 1) return [];
  const found = given.length === 0 ? "none" : given.join(" and ");
  return [
    { path: "evaluator", message: `must hold exactly one of train, tabular, command and supernet, not ${found}.` },
  ];
}

/** The kind of evaluation that a spec asks for, also where it is not valid; null where it names none or several. */
function kindOfEvaluation(value: unknown): (typeof kinds)[number] | null {
  const evaluator = readField(value, "evaluator");
  const given = kinds.filter((kind) => readField(evaluator, kind) !== undefined);
  return given.length === 1 ? (given[0] ?? null) : null;
}

function checkCommand(value: unknown): readonly SpecMistake[] {
  const { run = [], files = [] } = field(value, "evaluator")?.command ?? {};
  const nameless = run[0] === "" ? [{ path: "evaluator.command.run[0]", message: "must name a program." }] : [];
  const clashes = files.flatMap((file, index) => {
    const clash = files.find((other, place) => (other === file && place < index) || other.startsWith(`${file}/`));
    if (clash === undefined) return [];
    const path = `evaluator.command.files[${String(index)}]`;
    if (clash === file) return [{ path, message: `must be unique; ${file} stands there twice.` }];
    return [{ path, message: `must be a file; ${clash} needs a folder of that name.` }];
  });
  return [...nameless, ...clashes];
}

function checkSpace(value: unknown): readonly SpecMistake[] {
  const kind = kindOfEvaluation(value);
  const hasSpace = readField(value, "space") !== undefined;
  if (kind === "tabular" && hasSpace) {
    return [{ path: "space", message: "must be left out with evaluator.tabular: the table's choices are the space." }];
  }
  if (kind !== null && kind !== "tabular" && !hasSpace) {
    return [
      {
        path: "space",
        message: `is missing; evaluator.${kind} needs a shipped space (see \`fpnas spaces\`) or {file: FILE}.`,
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
  return [...checkOrder(stages), ...stages.flatMap(checkRounds), ...stages.flatMap(checkWarmUp)];
}

function checkWarmUp({ weightsOnly, until }: Stage, index: number): readonly SpecMistake[] {
  if (weightsOnly !== true || until.rounds !== undefined || until.trials !== undefined) return [];
  const message = "must hold rounds or trials: a stage that only trains weights does not change the entropy.";
  return [{ path: `stages[${String(index)}].until`, message }];
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
      ...(stage.name === "finalists"
        ? [
            {
              path: `${path}.name`,
              message: "must not be finalists: progress names the choice of a supernet's answer so.",
            },
          ]
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
  if (ids.length > 0 && kindOfEvaluation(value) === "supernet") {
    const message = "must be left out with evaluator.supernet: what a trial measures is of the weights of its round.";
    return [{ path: "reuse", message }];
  }
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index
      ? [{ path: `reuse[${String(index)}]`, message: `must be unique; ${id} stands there twice.` }]
      : [],
  );
}

function checkFinal(value: unknown): readonly SpecMistake[] {
  if (readField(value, "final") === undefined) return [];
  const kind = kindOfEvaluation(value);
  if (kind === "tabular") {
    return [
      { path: "final", message: "must be left out with evaluator.tabular: the rows of a table cannot be trained." },
    ];
  }
  const final = readField(value, "final");
  if (kind !== "supernet" && readField(final, "from") === "slice") {
    const message = "must be scratch but with evaluator.supernet: there are no shared weights to begin with.";
    return [{ path: "final.from", message }, ...(kind === "command" ? checkProgramFinal(value) : [])];
  }
  return kind === "command" ? checkProgramFinal(value) : [];
}

function checkProgramFinal(value: unknown): readonly SpecMistake[] {
  const recipe = ["learningRate", "labelSmoothing", "augment", "averageDecay", "distill"].filter(
    (key) => readField(readField(value, "final"), key) !== undefined,
  );
  const mistakes = recipe.map((key) => {
    return {
      path: `final.${key}`,
      message: "must be left out with evaluator.command: how to train is the program's affair.",
    };
  });
  const steps = readField(readField(readField(value, "evaluator"), "command"), "steps");
  if (steps !== undefined) return mistakes;
  const message = "is missing; with final the program is told how many steps to train, in a trial as in the end.";
  return [...mistakes, { path: "evaluator.command.steps", message }];
}
