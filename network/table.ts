import { z } from "zod";
import { TableError, type Mistake } from "./errors.ts";
import { mistakesOf, mustBe, pathText, record, repeated, shown } from "./schema.ts";

/** One decision of a tabular benchmark. */
export interface TableChoice {
  readonly name: string;
  /** Labels, at least one. */
  readonly arms: readonly string[];
  /** Choices of equal block are searched jointly by a stage with `slots: block`; the choice's own name where the table says nothing. */
  readonly block: string;
}

/** One known result. */
export interface TableRecord {
  readonly arms: readonly number[];
  /** Fraction, 0 to 1; the mean where the table lists several runs. */
  readonly accuracy: number;
  readonly macs?: number;
  readonly params?: number;
}

/** A table of known results, read by `parseTable`. */
export interface Table {
  readonly name: string;
  readonly choices: readonly TableChoice[];
  /** In the order of the file, by the key that `tableRow` makes of the arms. */
  readonly rows: ReadonlyMap<string, TableRecord>;
}

/** How many mistakes of a table's rows are told one by one; the rest is counted. */
const mistakesShown = 20;

const nameMessage = mustBe("a name of 1 to 200 characters");
const nameSchema = z.string(nameMessage).min(1, nameMessage).max(200, nameMessage);
const labelMessage = mustBe("a name or a number");
const labelSchema = z.union([z.string(), z.number()], labelMessage).transform(String);

const armsMessage = mustBe("a list of at least one arm");
const choiceSchema = record({
  name: nameSchema,
  arms: z
    .array(labelSchema, armsMessage)
    .min(1, armsMessage)
    .superRefine((arms, context) => {
      for (const index of repeated(arms)) {
        context.addIssue({ code: "custom", path: [index], message: `repeats the arm ${shown(arms[index])}.` });
      }
    }),
  block: nameSchema.optional(),
}).transform(({ name, arms, block }): TableChoice => ({ name, arms, block: block ?? name }));

const choicesMessage = mustBe("a list of at least one choice");
const rowsMessage = mustBe("a list of at least one row");

/** A table without a look into its rows, which are read one by one. */
const tableSchema = record({
  name: nameSchema,
  choices: z
    .array(choiceSchema, choicesMessage)
    .min(1, choicesMessage)
    .superRefine((choices, context) => {
      for (const index of repeated(choices.map(({ name }) => name))) {
        const message = `repeats the name ${shown(choices[index]?.name)}.`;
        context.addIssue({ code: "custom", path: [index, "name"], message });
      }
    }),
  rows: z.array(z.unknown(), rowsMessage).min(1, rowsMessage),
});

const fractionMessage = {
  error: ({ input }: { readonly input?: unknown }) => {
    const hint =
      typeof input === "number" && input > 1 && input <= 100 ? " It looks like a percentage: divide it by 100." : "";
    return mustBe("a fraction from 0 to 1").error({ input }) + hint;
  },
};
const fractionSchema = z.number(fractionMessage).min(0, fractionMessage).max(1, fractionMessage);
const runsMessage = mustBe("a fraction from 0 to 1, or a list of at least one (its mean is taken)");
const runsSchema = z.array(fractionSchema, runsMessage).min(1, runsMessage);
const accuracySchema = z.unknown().transform((value, context): number => {
  const isList = Array.isArray(value);
  const parsed = isList ? runsSchema.safeParse(value) : fractionSchema.safeParse(value);
  if (parsed.success) {
    return typeof parsed.data === "number"
      ? parsed.data
      : parsed.data.reduce((sum, run) => sum + run, 0) / parsed.data.length;
  }
  for (const issue of parsed.error.issues) context.addIssue({ ...issue });
  return z.NEVER;
});
const figureMessage = mustBe(`a number from 0 to ${Number.MAX_SAFE_INTEGER}`);
const figureSchema = z
  .number(figureMessage)
  .min(0, figureMessage)
  .max(Number.MAX_SAFE_INTEGER, figureMessage)
  .optional();

/** One row's schema; an arm is checked against the choice at its place. */
function rowSchema(choices: readonly TableChoice[]) {
  const arms = choices.map(({ name, arms }) => {
    const count = arms.length === 1 ? "1 arm" : `${arms.length} arms`;
    const message = mustBe(`an integer from 0 to ${arms.length - 1} (the choice ${shown(name)} has ${count})`);
    return z
      .int(message)
      .min(0, message)
      .max(arms.length - 1, message);
  });
  const count =
    choices.length === 1 ? "1 arm number, for the one choice" : `${choices.length} arm numbers, one a choice`;
  return record({
    arms: z.array(z.unknown(), mustBe(`a list of ${count}`)).transform((values, context) => {
      if (values.length !== arms.length) {
        context.addIssue({ code: "custom", message: `must be a list of ${count}, not of ${values.length}.` });
        return z.NEVER;
      }
      return values.map((value, index) => {
        const parsed = arms[index]?.safeParse(value);
        for (const issue of parsed?.error?.issues ?? []) context.addIssue({ ...issue, path: [index] });
        return parsed?.data ?? 0;
      });
    }),
    accuracy: accuracySchema,
    macs: figureSchema,
    params: figureSchema,
  });
}

function rowKey(arms: readonly number[]): string {
  return arms.join(",");
}

function readJson(text: string): unknown {
  try {
    // A byte order mark is no part of JSON, but some editors write one.
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const message = `is not valid JSON: ${error instanceof Error ? error.message : String(error)}`;
    throw new TableError([{ path: "", message }]);
  }
}

function readRows(rows: readonly unknown[], choices: readonly TableChoice[]): ReadonlyMap<string, TableRecord> {
  const schema = rowSchema(choices);
  const records = new Map<string, TableRecord>();
  const places = new Map<string, number>();
  const mistakes: Mistake[] = [];
  let more = 0;
  const tell = (found: readonly Mistake[]) => {
    const room = mistakesShown - mistakes.length;
    mistakes.push(...found.slice(0, room));
    more += Math.max(0, found.length - room);
  };
  for (const [index, row] of rows.entries()) {
    const parsed = schema.safeParse(row);
    if (!parsed.success) {
      tell(mistakesOf(parsed.error, ["rows", index]));
      continue;
    }
    const { arms, accuracy, macs, params } = parsed.data;
    const key = rowKey(arms);
    const first = places.get(key);
    if (first === undefined) {
      places.set(key, index);
      records.set(key, {
        arms,
        accuracy,
        ...(macs !== undefined && { macs }),
        ...(params !== undefined && { params }),
      });
    } else {
      tell([{ path: pathText(["rows", index, "arms"]), message: `[${key}] is listed already in rows[${first}].` }]);
    }
  }
  if (more > 0) mistakes.push({ path: "rows", message: `${more} more mistakes are not shown.` });
  if (mistakes.length > 0) throw new TableError(mistakes);
  return records;
}

/**
 * Reads a table of known results from its JSON text.
 * @throws TableError with the mistakes found: those outside the rows all, those in rows up to 20 and the number of the others.
 */
export function parseTable(text: string): Table {
  const parsed = tableSchema.safeParse(readJson(text));
  if (!parsed.success) throw new TableError(mistakesOf(parsed.error));
  const { name, choices, rows } = parsed.data;
  return { name, choices, rows: readRows(rows, choices) };
}

/** The result of these arms; undefined where the table does not list them. */
export function tableRow(table: Table, arms: readonly number[]): TableRecord | undefined {
  return table.rows.get(rowKey(arms));
}
