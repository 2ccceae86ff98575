import type { MbconvDefinition } from "./mbconv-definition.ts";
import type { Activation } from "../../../network/types.ts";
import type { BlockSetting } from "./mbconv-layers.ts";
import type { Choice } from "./space.ts";

/** One choice of a unit, and what each of its arms decides. */
export interface Variable {
  readonly choice: Choice;
  readonly values: readonly Partial<BlockSetting>[];
}

/** Blocks that follow each other and make the same choices. */
export interface Unit {
  /** Unique among the units of a space. */
  readonly name: string;
  /** One a block. */
  readonly strides: readonly number[];
  /** What is not searched; the variables decide over it. */
  readonly fixed: BlockSetting;
  readonly variables: readonly Variable[];
}

type Group = MbconvDefinition["blocks"][number];

interface Candidates {
  /** What the choice is called after the unit's name. */
  readonly suffix: string;
  readonly labels: readonly string[];
  readonly values: readonly Partial<BlockSetting>[];
}

/** All that a group could search, in the order in which its choices stand. */
function candidatesOf(group: Group, activation: Activation): readonly Candidates[] {
  const each = <Key extends keyof BlockSetting>(key: Key, values: readonly BlockSetting[Key][] = []): Candidates => ({
    suffix: `.${key}`,
    labels: values.map(String),
    values: values.map((value) => ({ [key]: value })),
  });
  const operations: Candidates = {
    suffix: "",
    labels: (group.operations ?? []).map(({ name }) => name),
    values: (group.operations ?? []).map((operation) => ({
      kernel: operation.kernel,
      expansion: operation.expansion,
      se: operation.se,
      activation: operation.activation ?? activation,
    })),
  };
  return [
    operations,
    each("kernel", group.kernel),
    each("expansion", group.expansion),
    each("channels", group.channels),
    each("se", group.se),
    each("activation", group.activation),
  ];
}

function unitOf(group: Group, name: string, strides: readonly number[], definition: MbconvDefinition): Unit {
  const block = group.block ?? name;
  const candidates = candidatesOf(group, definition.activation);
  const base: BlockSetting = { kernel: 0, expansion: 1, channels: 1, se: 0, activation: definition.activation };
  const fixed = candidates.reduce<BlockSetting>((setting, { values }) => ({ ...setting, ...values[0] }), base);
  const variables = candidates
    .filter(({ values }) => values.length > 1)
    .map(({ suffix, labels, values }) => ({ choice: { name: `${name}${suffix}`, arms: labels, block }, values }));
  return { name, strides, fixed, variables };
}

/** The units of a definition in the order of the network: a group whose blocks share their choices is one, else each of its blocks is. */
export function unitsOf(definition: MbconvDefinition): readonly Unit[] {
  return definition.blocks.flatMap((group) => {
    const strides = Array.from({ length: group.repeat }, (_, index) => (index === 0 ? group.stride : 1));
    if (group.choices === "shared") return [unitOf(group, group.name, strides, definition)];
    return strides.map((stride, index) => unitOf(group, `${group.name}.${index + 1}`, [stride], definition));
  });
}

/** What a sample decides of a unit. @param arms the unit's own, one a variable. */
export function settingOf(unit: Unit, arms: readonly number[]): BlockSetting {
  return unit.variables.reduce<BlockSetting>(
    (setting, { values }, index) => ({ ...setting, ...values[arms[index] ?? 0] }),
    unit.fixed,
  );
}
