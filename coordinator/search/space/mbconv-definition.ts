import { z } from "zod";
import { InputError } from "../../../network/errors.ts";
import { integer, mistakesOf, mustBe, record, repeated, shown } from "../../../network/schema.ts";
import type { Activation } from "../../../network/types.ts";

/** A definition of a search space that cannot be read. */
export class SpaceError extends InputError {}

/** Keeps the joint choices of a block, and the work of finding the largest network, within bounds. */
const valuesMax = 32;

/** One value, or a list of those that the search chooses from; always a list once it is read. */
function oneOrMore<Value>(item: z.ZodType<Value>) {
  return z.unknown().transform((value, context): readonly Value[] => {
    const listed = Array.isArray(value);
    const items: readonly unknown[] = listed ? value : [value];
    if (items.length === 0) {
      context.addIssue({ code: "custom", message: "must be a value or a list of at least one, not an empty list." });
    }
    if (items.length > valuesMax) {
      const message = `must be a list of at most ${valuesMax} values, not of ${items.length}.`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }
    const values = items.flatMap((one, index) => {
      const parsed = item.safeParse(one);
      for (const issue of parsed.error?.issues ?? []) context.addIssue({ ...issue, path: listed ? [index] : [] });
      return parsed.success ? [parsed.data] : [];
    });
    for (const index of repeated(items)) {
      context.addIssue({ code: "custom", path: [index], message: `repeats ${shown(items[index])}.` });
    }
    return values;
  });
}

const nameMessage = mustBe("a name of up to 60 letters, digits, - and _");
const nameSchema = z.string(nameMessage).regex(/^[\w-]{1,60}$/, nameMessage);
const activationNames = ["none", "relu", "relu6", "swish"] as const satisfies readonly Activation[];
const activationSchema = z.enum(activationNames, mustBe(`one of ${activationNames.join(", ")}`));
const oddMessage = mustBe("an odd integer from 1 to 31");
const oddSchema = z.int(oddMessage).refine((side) => side >= 1 && side <= 31 && side % 2 === 1, oddMessage);
const kernelMessage = mustBe("0 (skip the layer) or an odd integer up to 31");
const kernelSchema = z
  .int(kernelMessage)
  .refine((side) => side === 0 || (side >= 1 && side <= 31 && side % 2 === 1), kernelMessage);
const expansionMessage = mustBe("a number above 0 and up to 64");
const expansionSchema = z.number(expansionMessage).gt(0, expansionMessage).max(64, expansionMessage);
const channelsSchema = integer(1, 65_536);
const strideSchema = integer(1, 16);
const gateSchema = integer(0, 1);

const operationSchema = record({
  /** The arm's label. */
  name: nameSchema,
  kernel: kernelSchema,
  expansion: expansionSchema.default(1),
  se: gateSchema.default(0),
  activation: activationSchema.optional(),
});

const operationsMessage = mustBe(`a list of 1 to ${valuesMax} operations`);

const blocksSchema = record({
  /** Unique; the choices are called after it. */
  name: nameSchema,
  /** How many blocks follow each other; the first alone has the stride. */
  repeat: integer(1, 64).default(1),
  stride: strideSchema.default(1),
  /** `shared`: all blocks of the group make the same choices; `each`: every block makes its own. */
  choices: z.enum(["shared", "each"], mustBe("one of shared, each")).default("shared"),
  /** Groups of the same label are merged into one slot by a stage with `slots: block`; without it, each that makes its own choices is one. */
  block: nameSchema.optional(),
  /** Output channels. */
  channels: oneOrMore(channelsSchema),
  /** Side of the depthwise kernel; 0 skips the layer, which leaves a 1x1 convolution where stride or channels change the shape. */
  kernel: oneOrMore(kernelSchema).optional(),
  /** Width between expansion and projection, in multiples of the input's channels. */
  expansion: oneOrMore(expansionSchema).optional(),
  /** 1 for squeeze-and-excitation. */
  se: oneOrMore(gateSchema).optional(),
  activation: oneOrMore(activationSchema).optional(),
  /** In place of kernel, expansion, se and activation: one choice among operations that fix them together. */
  operations: z
    .array(operationSchema, operationsMessage)
    .min(1, operationsMessage)
    .max(valuesMax, operationsMessage)
    .superRefine((operations, context) => {
      for (const index of repeated(operations.map(({ name }) => name))) {
        const message = `repeats the name ${shown(operations[index]?.name)}.`;
        context.addIssue({ code: "custom", path: [index, "name"], message });
      }
    })
    .optional(),
}).superRefine((group, context) => {
  const fail = (key: string, message: string) => context.addIssue({ code: "custom", path: [key], message });
  if (group.operations === undefined) {
    for (const key of ["kernel", "expansion"] as const) {
      if (group[key] === undefined) fail(key, "is missing; a group has kernel and expansion, or operations.");
    }
  } else {
    for (const key of ["kernel", "expansion", "se", "activation"] as const) {
      if (group[key] !== undefined) fail(key, "must be left out, since the group's operations say it.");
    }
  }
});

const groupsMax = 64;
const groupsMessage = mustBe(`a list of 1 to ${groupsMax} groups of blocks`);

/**
 * A macro search space of inverted bottlenecks, as it stands in a user's space file: stem convolution, groups of blocks, head.
 * Wherever a list of several values stands, the search chooses one of them.
 */
export const mbconvDefinitionSchema = record({
  name: nameSchema,
  input: record({ height: integer(1, 4096), width: integer(1, 4096), channels: channelsSchema }),
  classes: integer(2, 65_536),
  /** Of every convolution that does not say its own. */
  activation: activationSchema.default("relu6"),
  /** Widths between expansion and projection are rounded to multiples of this; 1 rounds to whole channels. */
  roundMid: integer(1, 64).default(8),
  /** First convolution, with batch normalization. */
  stem: record({
    channels: channelsSchema,
    kernel: oddSchema.default(3),
    stride: strideSchema.default(1),
    activation: activationSchema.optional(),
  }),
  blocks: z
    .array(blocksSchema, groupsMessage)
    .min(1, groupsMessage)
    .max(groupsMax, groupsMessage)
    .superRefine((groups, context) => {
      for (const index of repeated(groups.map(({ name }) => name))) {
        const message = `repeats the name ${shown(groups[index]?.name)}.`;
        context.addIssue({ code: "custom", path: [index, "name"], message });
      }
      const isChoice = (list: readonly unknown[] = []) => list.length > 1;
      const searched = groups.some(({ operations, kernel, expansion, channels, se, activation }) =>
        [operations, kernel, expansion, channels, se, activation].some(isChoice),
      );
      if (groups.length > 0 && !searched) {
        const message = "leaves nothing to choose; give a list of several values somewhere, such as kernel: [3, 5].";
        context.addIssue({ code: "custom", message });
      }
    }),
  /** After the blocks: a 1x1 convolution to `channels` (if given), global pooling, a dense layer to `hidden` (if given), the classifier. */
  head: record({
    channels: channelsSchema.optional(),
    hidden: channelsSchema.optional(),
    activation: activationSchema.optional(),
  }).prefault({}),
});

/** A definition with every default filled in and every choice a list. */
export type MbconvDefinition = z.output<typeof mbconvDefinitionSchema>;

/**
 * Reads a definition, such as the content of a space file.
 * @throws SpaceError with every mistake found.
 */
export function parseMbconvDefinition(value: unknown): MbconvDefinition {
  const parsed = mbconvDefinitionSchema.safeParse(value);
  if (!parsed.success) throw new SpaceError(mistakesOf(parsed.error));
  return parsed.data;
}
