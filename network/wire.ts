import { z } from "zod";
import { integer, mustBe, record, shown, suggestion } from "./schema.ts";
import type { Activation, Layer, Network } from "./types.ts";

/** `params` of the issues that mean "of a kind that this version does not know", not "wrong". */
export const unknownOperation = { unknownOperation: true };

const activations = new Map<unknown, Activation>(
  (
    [
      ["ACTIVATION_UNSPECIFIED", "none"],
      ["ACTIVATION_NONE", "none"],
      ["ACTIVATION_RELU", "relu"],
      ["ACTIVATION_RELU6", "relu6"],
      ["ACTIVATION_SWISH", "swish"],
    ] as const
  ).flatMap(([name, activation], number) => [
    [name, activation],
    // Proto3 JSON takes enum numbers as well, and proto-loader gives one where it has no name for it.
    [number, activation],
  ]),
);

const activationSchema = z
  .unknown()
  .transform((value, context): Activation => {
    const activation = activations.get(value);
    if (activation !== undefined) return activation;
    const names = [...activations.keys()].filter((key) => typeof key === "string");
    const hint = typeof value === "string" ? suggestion(value, names) : "";
    context.addIssue({
      code: "custom",
      message: `unknown activation ${shown(value)}.${hint} Allowed: ${names.join(", ")}.`,
      params: unknownOperation,
    });
    return z.NEVER;
  })
  .prefault(0);

/** In proto3 JSON null means "not given", and proto-loader decodes an unset message field as null. */
function givenFields(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, field]) => field !== null);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function message<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => (isObject(value) ? Object.fromEntries(givenFields(value)) : value), record(shape));
}

interface Oneof<Value> {
  /** Name of the virtual field in which proto-loader tells the member that is set. */
  readonly virtual: string;
  /** What the members are, for messages. */
  readonly noun: string;
  readonly members: ReadonlyMap<string, z.ZodType<Value>>;
}

/** A message that holds exactly one of several members; none, or one of another name, is of a kind that this version does not know. */
function oneof<Value>({ virtual, noun, members }: Oneof<Value>) {
  return z.unknown().transform((value, context): Value => {
    const names = [...members.keys()];
    const fail = (message: string, params?: typeof unknownOperation): Value => {
      context.addIssue({ code: "custom", message, ...(params && { params }) });
      return z.NEVER;
    };
    if (!isObject(value)) {
      return fail(mustBe(`an object with one of ${names.join(", ")}`).error({ input: value }));
    }
    const given = givenFields(value).filter(([key]) => key !== virtual);
    const [first] = given;
    if (first === undefined) {
      return fail(
        `holds no ${noun} that this version knows; it must hold one of ${names.join(", ")}.`,
        unknownOperation,
      );
    }
    if (given.length > 1) {
      return fail(
        `must hold exactly one of ${names.join(", ")}, not ${given.map(([key]) => shown(key)).join(" and ")}.`,
      );
    }
    const [name, member] = first;
    const schema = members.get(name);
    if (schema === undefined) {
      return fail(
        `unknown ${noun} ${shown(name)}.${suggestion(name, names)} Allowed: ${names.join(", ")}.`,
        unknownOperation,
      );
    }
    const parsed = schema.safeParse(member);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.addIssue({ ...issue, path: [name, ...issue.path] });
    return z.NEVER;
  });
}

const positive = integer(1);
const oddMessage = mustBe("an odd integer of at least 1");
const kernelSchema = z.int(oddMessage).refine((kernel) => kernel >= 1 && kernel % 2 === 1, oddMessage);
// A bool that is false is left out of proto3 JSON.
const flag = z.boolean(mustBe("true or false")).default(false);

const operationSchema = oneof<Layer>({
  virtual: "op",
  noun: "operation",
  members: new Map<string, z.ZodType<Layer>>([
    [
      "conv",
      message({
        outChannels: positive,
        kernel: kernelSchema,
        stride: positive,
        batchNorm: flag,
        activation: activationSchema,
      }).transform((conv): Layer => ({ type: "conv", ...conv })),
    ],
    [
      "mbconv",
      message({
        midChannels: positive,
        outChannels: positive,
        kernel: kernelSchema,
        stride: positive,
        seChannels: integer(0).default(0),
        activation: activationSchema,
      }).transform((mbconv): Layer => ({ type: "mbconv", ...mbconv })),
    ],
    ["globalPool", message({}).transform((): Layer => ({ type: "globalPool" }))],
    [
      "dense",
      message({ units: positive, bias: flag, activation: activationSchema }).transform((dense): Layer => ({
        type: "dense",
        ...dense,
      })),
    ],
  ]),
});

const sharedNameMessage = mustBe("a name of up to 200 letters, digits and -_./");
const sharedNameSchema = z.string(sharedNameMessage).regex(/^[\w./-]{0,200}$/, sharedNameMessage);

/** An operation, and beside it the name under which its weights are shared; empty and absent mean the same. */
const layerSchema = z.unknown().transform((value, context): Layer => {
  const { sharedWeights, ...operation }: { sharedWeights?: unknown } = isObject(value) ? value : {};
  const layer = operationSchema.safeParse(isObject(value) ? operation : value);
  const name = sharedNameSchema.safeParse(sharedWeights ?? "");
  for (const issue of layer.error?.issues ?? []) context.addIssue({ ...issue });
  for (const issue of name.error?.issues ?? []) context.addIssue({ ...issue, path: ["sharedWeights"] });
  if (!layer.success || !name.success) return z.NEVER;
  if (name.data === "") return layer.data;
  if (layer.data.type !== "globalPool") return { ...layer.data, sharedWeights: name.data };
  context.addIssue({
    code: "custom",
    path: ["sharedWeights"],
    message: "must be left out: globalPool has no weights.",
  });
  return z.NEVER;
});

const hashMessage = mustBe("64 lower-case hexadecimal digits");

/** Reads the proto3 JSON form of fpnas.v1.Network field by field; how a graph's layers fit together is for the codec to check. */
export const networkSchema = oneof<Network>({
  virtual: "kind",
  noun: "network",
  members: new Map<string, z.ZodType<Network>>([
    [
      "graph",
      message({
        input: message({ height: positive, width: positive, channels: positive }),
        layers: z.array(layerSchema, mustBe("a list of layers")).min(1, mustBe("a list of at least one layer")),
      }).transform((graph): Network => ({ type: "graph", ...graph })),
    ],
    [
      "tableRow",
      message({
        tableSha256: z.string(hashMessage).regex(/^[0-9a-f]{64}$/, hashMessage),
        arms: z.array(integer(0), mustBe("a list of arm numbers")).min(1, mustBe("a list of at least one arm number")),
      }).transform((row): Network => ({ type: "tableRow", ...row })),
    ],
  ]),
});
